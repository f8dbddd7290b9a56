// Package nesting limits the nesting depth of a TOML text and the dots in its keys before
// a parser reads it: the time of parsers grows with the square of these or faster. The
// check is one pass over the text.
package nesting

import (
	"fmt"
	"strings"
)

const (
	// Max is the maximum depth of nested arrays and inline tables, and the maximum number
	// of dots in a key.
	Max = 64
	// MaxDots is the maximum number of dots in all keys together.
	MaxDots = 100_000
)

// Error reports the position at which a text exceeds a limit.
type Error struct {
	Offset  int
	Line    int // from 1
	Message string
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Check returns an *Error if a TOML text exceeds a limit. If the text is not TOML, counts
// are correct up to the first fault, where parsers stop.
func Check(text string) error {
	depth, dots, allDots := 0, 0, 0
	fault := func(at int, format string, args ...any) error {
		return &Error{at, strings.Count(text[:at], "\n") + 1, fmt.Sprintf(format, args...)}
	}
	for at := 0; at < len(text); at++ {
		switch c := text[at]; c {
		case '#':
			at = lineEnd(text, at) - 1
		case '"', '\'':
			at = quoted(text, at) - 1
		case '[', '{':
			depth++
			dots = 0
		case ']', '}':
			depth--
			dots = 0
		case '.':
			dots++
			allDots++
		case '=', ',', '\n':
			dots = 0
		}
		switch {
		case depth > Max:
			return fault(at, "arrays and tables are nested more than %d deep", Max)
		case dots > Max:
			return fault(at, "a key with more than %d dots", Max)
		case allDots > MaxDots:
			return fault(at, "more than %d dots in keys", MaxDots)
		}
	}
	return nil
}

// lineEnd returns the offset of the newline at or after from, or of the end of the text.
func lineEnd(text string, from int) int {
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(text)
}

// quoted returns the offset after the string that starts at from. A string on one line
// that is not closed ends with its line.
func quoted(text string, from int) int {
	quote := text[from : from+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(text[from:], long) {
		end := closing(text, from+3, long)
		for range 2 { // quotes may directly precede the closing ones
			if strings.HasPrefix(text[end:], quote) {
				end++
			}
		}
		return end
	}
	return closing(text, from+1, quote)
}

// closing returns the offset after the closing quotes. Without closing quotes it is the
// offset of the newline for a string on one line, and the end of the text otherwise.
func closing(text string, from int, quotes string) int {
	for at := from; at < len(text); at++ {
		switch {
		case text[at] == '\n' && len(quotes) == 1:
			return at
		case strings.HasPrefix(text[at:], quotes):
			return at + len(quotes)
		case text[at] == '\\' && quotes[0] == '"' && !strings.HasPrefix(text[at+1:], "\n"):
			at++
		}
	}
	return len(text)
}
