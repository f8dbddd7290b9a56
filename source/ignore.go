package source

import (
	"fmt"
	"strings"
	"sync"

	gitignore "github.com/sabhiram/go-gitignore"
)

// Ignore is a list of patterns in the syntax of gitignore(5), for paths relative to one
// directory. A fuzz test compares it with git check-ignore.
//
// The matching is go-gitignore's. That library interprets parts of a pattern as regular
// expressions, so it gets each pattern translated into one (see glob.go), in characters
// that it does not change.
type Ignore struct {
	lines   []ignoreLine
	matcher func() *gitignore.GitIgnore
}

// ignoreLine is a pattern and its place.
type ignoreLine struct{ text, place string }

// maxPattern is the maximum length of a pattern in bytes, which is git's limit for paths.
const maxPattern = 4096

// ParseIgnore parses a file in the syntax of gitignore(5). name is used in errors and in
// the places that Match returns.
func ParseIgnore(name string, text []byte) (*Ignore, error) {
	text = []byte(strings.TrimPrefix(string(text), "\ufeff"))
	var lines []ignoreLine
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		lines = append(lines, ignoreLine{trimBlanks(strings.TrimSuffix(line, "\r")), fmt.Sprintf("%s:%d", name, n)})
	}
	return newIgnore(lines)
}

// NewIgnore returns a list of patterns, each in the syntax of a line of an ignore file.
// Match returns place.
func NewIgnore(place string, patterns []string) (*Ignore, error) {
	var lines []ignoreLine
	for _, p := range patterns {
		lines = append(lines, ignoreLine{p, place})
	}
	return newIgnore(lines)
}

// Join returns the concatenation of lists, in which the last matching pattern decides.
func Join(lists ...*Ignore) *Ignore {
	var lines []ignoreLine
	for _, l := range lists {
		if l != nil {
			lines = append(lines, l.lines...)
		}
	}
	return lazy(lines)
}

func newIgnore(lines []ignoreLine) (*Ignore, error) {
	for _, l := range lines {
		if len(l.text) > maxPattern {
			return nil, fmt.Errorf("%s: a pattern of %d bytes exceeds the limit of %d", l.place, len(l.text), maxPattern)
		}
	}
	return lazy(lines), nil
}

// lazy returns a list that is compiled at the first match: many scans never need it.
func lazy(lines []ignoreLine) *Ignore {
	return &Ignore{lines, sync.OnceValue(func() *gitignore.GitIgnore {
		translated := make([]string, len(lines))
		for i, l := range lines {
			translated[i] = translate(l.text)
		}
		return gitignore.CompileIgnoreLines(translated...)
	})}
}

// Empty reports whether the list has no patterns.
func (ig *Ignore) Empty() bool { return ig == nil || len(ig.lines) == 0 }

// Match reports whether a file is ignored, and the place of the pattern: "name:line", or
// the place given to NewIgnore. The path is relative and has slashes. As in git,
// everything below an ignored directory is ignored.
func (ig *Ignore) Match(path string) (place string, ignored bool) {
	if ig.Empty() || path == "" {
		return "", false
	}
	coded := toRunes(path)
	for i, c := range coded {
		if c == '/' {
			if place, ok := ig.match(coded[:i] + dirMark); ok {
				return place, true
			}
		}
	}
	return ig.match(coded)
}

func (ig *Ignore) match(coded string) (string, bool) {
	ok, by := ig.matcher().MatchesPathHow(coded)
	if !ok {
		return "", false
	}
	return ig.lines[by.LineNo-1].place, true
}

// trimBlanks removes trailing blanks that are not escaped.
func trimBlanks(s string) string {
	end := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			end = i + 1
		case s[i] != ' ':
			end = i + 1
		}
	}
	return s[:end]
}
