package expr

import (
	"bytes"
	"regexp/syntax"
)

// limits are limits that every match of an expression keeps.
type limits struct {
	length    int      // greatest number of bytes
	lineFeeds int      // greatest number of line feeds
	run       runSpec  // a run that the match contains
	words     []string // the match contains one of them, in any case; nil: not required
}

// newLimits returns the limits of re, which must have a greatest length.
func newLimits(re *syntax.Regexp) limits {
	length, _ := maxLen(re)
	return limits{length: length, lineFeeds: maxLineFeeds(re), run: requiredRun(re, nil, nil)}
}

// rareRun is the length from which a run is rare enough to search it first.
const rareRun = 8

// end returns the end of the text that can decide on a match that contains text[at] and
// starts at from or later: the end of the longest match, and one byte more. ok is false if
// no such match is possible. The result depends on the given number of bytes after at.
func (l *limits) end(text []byte, from, at int) (end, after int, ok bool) {
	end, ok = endOfLines(text, at, min(at+l.length, len(text)), l.lineFeeds)
	after = l.length + 1
	if ok {
		after = end + 1 - at
	}
	if l.run.least > rareRun {
		last, ok := l.run.lastEnd(text, from, end-l.run.least+1)
		if !ok {
			return 0, after, false
		}
		end = min(last+l.run.rest, end)
	}
	if l.words != nil && !containsAny(text[at:end], l.words) {
		return 0, after, false
	}
	return min(end+1, len(text)), after, true
}

// endOfLines returns the offset of the line feed in text[from:to] that follows n others,
// or to and ok false.
func endOfLines(text []byte, from, to, n int) (at int, ok bool) {
	for ; n >= 0; n-- {
		i := bytes.IndexByte(text[from:to], '\n')
		if i < 0 {
			return to, false
		}
		from += i + 1
	}
	return from - 1, true
}
