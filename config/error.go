package config

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Error is a fault in a configuration file. Its text has the line at fault,
// marked.
type Error struct {
	Name         string // of the file
	Line, Column int    // from 1, the column in characters
	Message      string
	source       string // the line
	length       int    // of what to mark, in characters
}

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Name, e.Message)
	}
	number := fmt.Sprintf("%5d", e.Line)
	return fmt.Sprintf("%s:%d:%d: %s\n%s | %s\n%s | %s%s", e.Name, e.Line, e.Column, e.Message,
		number, e.source, strings.Repeat(" ", len(number)), strings.Repeat(" ", e.Column-1), strings.Repeat("^", max(e.length, 1)))
}

var secretLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+]{40,}`) })

// newError makes the error of a stretch of text, or of the file if the stretch
// is empty.
func newError(name, text string, at span, format string, args ...any) *Error {
	e := &Error{Name: name, Message: fmt.Sprintf(format, args...)}
	at.start = max(at.start, 0) // the TOML library is off by one at times
	if at.end <= at.start || at.start > len(text) {
		return e
	}
	begin := strings.LastIndexByte(text[:at.start], '\n') + 1
	line, _, _ := strings.Cut(text[begin:], "\n")
	line = strings.TrimRight(line, "\r")
	e.Line = strings.Count(text[:at.start], "\n") + 1
	e.Column = utf8.RuneCountInString(text[begin:at.start]) + 1
	e.length = utf8.RuneCountInString(text[at.start:min(at.end, begin+len(line))])
	// An entry for a secret may hold it; and tabs would move the mark.
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

// suggest returns "; did you mean …?" if one of known is close to word.
func suggest(word string, known []string) string {
	best, least := "", len(word)/3+2
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is Levenshtein's: how many letters to add, drop or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
