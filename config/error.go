package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a fault in a configuration file. Its text contains the marked line, unless the
// line may contain a secret.
type Error struct {
	Name         string // name of the file
	Line, Column int    // from 1, the column in characters
	Message      string
	source       string // the line; empty if it may not be shown
	length       int    // of the marked text, in characters
	cause        error
}

// Unwrap returns the error that Message quotes, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Name, e.Message)
	}
	if e.source == "" {
		return fmt.Sprintf("%s:%d:%d: %s", e.Name, e.Line, e.Column, e.Message)
	}
	number := fmt.Sprintf("%5d", e.Line)
	return fmt.Sprintf("%s:%d:%d: %s\n%s | %s\n%s | %s%s", e.Name, e.Line, e.Column, e.Message,
		number, e.source, strings.Repeat(" ", len(number)), strings.Repeat(" ", e.Column-1), strings.Repeat("^", max(e.length, 1)))
}

// newError returns an error at a range of the file, or for the whole file if the range is
// empty. It quotes the file only if no secret is shown.
func (f *File) newError(at span, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	e := &Error{Name: f.name, Message: err.Error(), cause: errors.Unwrap(err)}
	at.start = max(at.start, 0) // the TOML library is off by one at times
	if at.end <= at.start || at.start > len(f.text) {
		if f.text != "" && !f.showsLine(0) {
			e.Message = withoutQuotes(e.Message)
		}
		return e
	}
	begin := strings.LastIndexByte(f.text[:at.start], '\n') + 1
	line, _, _ := strings.Cut(f.text[begin:], "\n")
	line = strings.TrimRight(line, "\r")
	e.Line = f.line(at.start)
	e.Column = utf8.RuneCountInString(f.text[begin:at.start]) + 1
	if !f.showsLine(e.Line) {
		e.Message = withoutQuotes(e.Message)
		return e
	}
	e.length = utf8.RuneCountInString(f.text[at.start:min(at.end, begin+len(line))])
	// An entry may contain the secret that it allows, and tabs would shift the mark.
	e.source = secretLike().ReplaceAllStringFunc(line, func(s string) string { return strings.Repeat("*", len(s)) })
	e.source = strings.ReplaceAll(e.source, "\t", " ")
	const widest = 160
	if runes := []rune(e.source); len(runes) > widest {
		from := max(0, min(e.Column-1-widest/2, len(runes)-widest))
		e.source = string(runes[from : from+widest])
		e.length = min(e.length, widest-(e.Column-1-from))
		e.Column -= from
	}
	return e
}
