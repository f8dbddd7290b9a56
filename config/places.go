package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// index returns the file's places. They take as long to find as the file to
// decode, and most runs need none.
func (f *File) index() index {
	if f.places == nil {
		f.places = locate(f.text)
	}
	return f.places
}

// Place returns where a path such as allow[2] is written: file:line.
func (f *File) Place(path string) string {
	at, ok := f.index()[path]
	if !ok {
		return f.name
	}
	return fmt.Sprintf("%s:%d", f.name, f.line(at.start))
}

// line returns the number of the line that holds an offset.
func (f *File) line(offset int) int {
	if f.breaks == nil {
		f.breaks = []int{}
		for i := range len(f.text) {
			if f.text[i] == '\n' {
				f.breaks = append(f.breaks, i)
			}
		}
	}
	before, _ := slices.BinarySearch(f.breaks, offset)
	return before + 1
}

// sorted returns the paths of all places, in their order.
func (f *File) sortedPaths() []string {
	return slices.SortedFunc(maps.Keys(f.index()), func(a, b string) int { return f.places[a].start - f.places[b].start })
}

// plainPath is a path without indexes.
func plainPath(path string) string {
	var b strings.Builder
	for {
		before, rest, indexed := strings.Cut(path, "[")
		b.WriteString(before)
		if !indexed {
			return b.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// value returns the text of a key's value.
func (f *File) value(key span) string {
	l := &locator{text: f.text, at: key.end, places: make(index), arrays: make(map[string]int)}
	l.skip(" \t=")
	start := l.at
	l.value("")
	return strings.TrimRight(f.text[start:min(l.at, len(f.text))], " \t")
}
