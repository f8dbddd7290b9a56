// Package nesting bounds how deep a TOML text is nested, and how many dots its keys
// have, before a parser reads it: the time that parsers take grows with the square of
// these and more. The check is one pass over the text.
package nesting

import (
	"fmt"
	"strings"
)

const (
	// Max is how deep arrays and inline tables may lie in each other, and how many
	// dots one key may have.
	Max = 64
	// MaxDots is how many dots all keys together may have.
	MaxDots = 100_000
)

// Error says where a text exceeds a limit.
type Error struct {
	Offset  int
	Line    int // from 1
	Message string
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Check returns an *Error if a TOML text exceeds a limit. Where the text is not TOML,
// the count is right up to the first fault, behind which no parser reads on.
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
			return fault(at, "arrays and tables lie more than %d deep in each other", Max)
		case dots > Max:
			return fault(at, "a key with more than %d dots", Max)
		case allDots > MaxDots:
			return fault(at, "more than %d dots in keys", MaxDots)
		}
	}
	return nil
}

// lineEnd returns the offset of the line break at or after from, or of the text's end.
func lineEnd(text string, from int) int {
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(text)
}

// quoted returns the offset after the string that begins at from. A string on one line
// that is not closed ends with its line.
func quoted(text string, from int) int {
	quote := text[from : from+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(text[from:], long) {
		end := closing(text, from+3, long)
		for range 2 { // quotes that may stand right before the closing ones
			if strings.HasPrefix(text[end:], quote) {
				end++
			}
		}
		return end
	}
	return closing(text, from+1, quote)
}

// closing returns the offset after the closing quotes. Without them it is that of the
// line break for a string on one line, or of the text's end.
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
