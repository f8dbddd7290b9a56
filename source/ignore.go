package source

import (
	"fmt"
	"strings"
	"sync"

	gitignore "github.com/sabhiram/go-gitignore"
)

// Ignore is a list of patterns in the syntax of gitignore(5), about paths
// relative to one folder. It agrees with git check-ignore, which its fuzz test
// asks.
//
// The matching is go-gitignore's. That library takes much of a pattern for a
// regular expression, so it is handed each pattern translated into one (see
// glob.go), in letters that it leaves alone.
type Ignore struct {
	lines   []ignoreLine
	matcher func() *gitignore.GitIgnore
}

// ignoreLine is a pattern and where it was written.
type ignoreLine struct{ text, place string }

// maxPattern is the greatest length of a pattern, in bytes: git's own limit
// for paths.
const maxPattern = 4096

// ParseIgnore reads a file in the syntax of gitignore(5). name is used in
// errors and in what Match returns.
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

// NewIgnore returns the list of patterns, each written as a line of an ignore
// file would be. place tells where they come from.
func NewIgnore(place string, patterns []string) (*Ignore, error) {
	var lines []ignoreLine
	for _, p := range patterns {
		lines = append(lines, ignoreLine{p, place})
	}
	return newIgnore(lines)
}

// Join returns one list of several. In it, as in a file, the last pattern that
// matches decides.
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
			return nil, fmt.Errorf("%s: a pattern of %d bytes: at most %d are taken", l.place, len(l.text), maxPattern)
		}
	}
	return lazy(lines), nil
}

// lazy compiles at the first match: a scan that finds nothing may never ask.
func lazy(lines []ignoreLine) *Ignore {
	return &Ignore{lines, sync.OnceValue(func() *gitignore.GitIgnore {
		translated := make([]string, len(lines))
		for i, l := range lines {
			translated[i] = translate(l.text)
		}
		return gitignore.CompileIgnoreLines(translated...)
	})}
}

// Empty reports whether there is no pattern at all.
func (ig *Ignore) Empty() bool { return ig == nil || len(ig.lines) == 0 }

// Match reports whether a file is ignored, and by which pattern: "name:line"
// or what NewIgnore was told. The path has slashes and is relative. As in git, a
// folder that is ignored takes all below it with it.
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

// trimBlanks cuts trailing blanks that no backslash keeps.
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
