package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// index returns the positions of the file, which take as long to find as the file takes
// to decode; most runs need none.
func (f *File) index() index {
	if f.places == nil {
		f.places = locate(f.text)
	}
	return f.places
}

// Place returns the place of a path such as allow[2]: file:line.
func (f *File) Place(path string) string {
	at, ok := f.index()[path]
	if !ok {
		return f.name
	}
	return fmt.Sprintf("%s:%d", f.name, f.line(at.start))
}

// line returns the number of the line that contains an offset.
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

// sortedPaths returns all paths in the order of their positions.
func (f *File) sortedPaths() []string {
	return slices.SortedFunc(maps.Keys(f.index()), func(a, b string) int { return f.places[a].start - f.places[b].start })
}

// plainPath removes the indexes from a path.
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

// value returns the source text of the value of a key.
func (f *File) value(key span) string {
	l := &locator{text: f.text, at: key.end, places: make(index), arrays: make(map[string]int)}
	l.skip(" \t=")
	start := l.at
	l.value("")
	return strings.TrimRight(f.text[start:min(l.at, len(f.text))], " \t")
}
