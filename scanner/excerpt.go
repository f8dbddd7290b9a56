package scanner

import (
	"bytes"
	"encoding/binary"
	"strings"
)

const (
	excerptReach = 100 // bytes of a line that are shown before and after a secret
	markReach    = 600 // bytes before and after a secret that may contain a mark
)

// Excerpt is the text around a finding: the nearby part of its line, to show, and of the
// previous line, which may contain a mark.
type Excerpt struct {
	text     []byte
	start    int64  // offset of text in the blob
	line     int    // offset of the line in text
	from, to int    // the part of text to show
	masks    []span // secret ranges, as offsets in the blob; shared in a cluster
}

// newExcerpt returns the nearby part of the line of text[start:end] and of the previous
// line. Its text is a part of the given text.
func newExcerpt(text []byte, start, end int, base int64) Excerpt {
	first, last := max(0, start-markReach), min(len(text), end+markReach)
	line := first
	if i := lastBreak(text[first:start]); i >= 0 {
		line = first + i + 1
		before := bytes.TrimRight(text[first:line], "\r\n")
		if i := lastBreak(before); i >= 0 {
			first += i + 1
		}
	}
	for _, c := range []byte("\r\n") {
		if i := bytes.IndexByte(text[end:last], c); i >= 0 {
			last = end + i
		}
	}
	return Excerpt{
		text: text[first:last], start: base + int64(first), line: line - first,
		from: max(line, start-excerptReach) - first, to: min(last, end+excerptReach) - first,
	}
}

// lastBreak returns the offset of the last carriage return or newline, or -1.
func lastBreak(text []byte) int {
	i := len(text)
	for i > 0 {
		if i >= 8 && !hasControl(binary.LittleEndian.Uint64(text[i-8:])) {
			i -= 8
			continue
		}
		if i--; text[i] == '\r' || text[i] == '\n' {
			return i
		}
	}
	return -1
}

// hasControl reports whether any of eight bytes is a control character.
func hasControl(x uint64) bool {
	const each = 1<<0 | 1<<8 | 1<<16 | 1<<24 | 1<<32 | 1<<40 | 1<<48 | 1<<56
	return (x-' '*each)&^x&(0x80*each) != 0
}

// end returns the offset in the blob at which the text ends.
func (e *Excerpt) end() int64 { return e.start + int64(len(e.text)) }

// Masked returns the nearby part of the finding's line, with Mask instead of every secret
// in it.
func (e Excerpt) Masked() string {
	var out []byte
	last := e.from
	for _, m := range e.masks {
		from, to := max(int(m.from-e.start), last), min(int(m.to-e.start), e.to)
		if from >= to {
			continue
		}
		out = append(append(out, e.text[last:from]...), Mask...)
		last = to
	}
	return MaskRandom(string(append(out, e.text[last:e.to]...)))
}

// Reveal returns the nearby part of the finding's line, including secrets.
func (e Excerpt) Reveal() string { return string(e.text[e.from:e.to]) }

// Line returns the finding's line, at most markReach bytes before and after the secret.
// It may contain secrets.
func (e Excerpt) Line() Secret { return Secret(e.text[e.line:]) }

// Before returns the line before the finding's; see Line.
func (e Excerpt) Before() Secret { return Secret(e.text[:e.line]) }

// randomRun is the minimum length of a run of base64 with letters of both cases that may
// be a secret without a rule.
const randomRun = 32

// MaskRandom replaces long runs of base64 by Mask, in text that is shown for other
// reasons: they may be secrets. Key IDs are shorter.
func MaskRandom(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		start := i
		var upper, lower bool
		for i < len(text) && inRandom(text[i]) {
			upper = upper || 'A' <= text[i] && text[i] <= 'Z'
			lower = lower || 'a' <= text[i] && text[i] <= 'z'
			i++
		}
		if i-start >= randomRun && upper && lower {
			b.WriteString(Mask)
		} else {
			b.WriteString(text[start:i])
		}
		if i < len(text) {
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String()
}

func inRandom(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}
