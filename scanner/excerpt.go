package scanner

import (
	"bytes"
	"sort"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

const (
	excerptReach = 100 // bytes of a line that are shown before and after a secret
	markReach    = 600 // bytes before and after a secret where a mark may stand
)

// Excerpt is the text around a finding: what is near of its line, to show, and
// of the line before, where a mark may stand.
type Excerpt struct {
	text     []byte
	start    int64  // offset of text in the blob
	line     int    // where the line begins in text
	from, to int    // the part of text to show
	masks    []span // what is secret, by offsets in the blob; those of a cluster share it
}

// newExcerpt returns the line that holds text[start:end] and the one before, or
// what of them is near. Its text is a part of the given one.
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

// lastBreak returns where the last carriage return or line feed is, or -1.
func lastBreak(text []byte) int {
	i := len(text) - 1
	for i >= 0 && text[i] != '\r' && text[i] != '\n' {
		i--
	}
	return i
}

// end returns the offset in the blob at which the text ends.
func (e *Excerpt) end() int64 { return e.start + int64(len(e.text)) }

// sharing bounds the text that excerpts share, as a multiple of what the first of
// them needs: one that is kept alone keeps all of it in memory.
const sharing = 4

// keepText gives candidates, ordered by place, excerpts that outlive the text they
// were cut from. Excerpts that overlap share a copy, and so do their secrets. So a
// text that is full of candidates is kept once, not once for each of them.
func keepText(cands []candidate, text []byte, base int64) {
	for len(cands) > 0 {
		from, to := cands[0].excerpt.start, cands[0].excerpt.end()
		limit := from + sharing*(to-from)
		n := 1
		for n < len(cands) && cands[n].excerpt.start < to && cands[n].excerpt.end() <= limit {
			to = max(to, cands[n].excerpt.end())
			n++
		}
		shared := bytes.Clone(text[from-base : to-base])
		for i := range cands[:n] {
			cands[i].keep(shared, from)
		}
		cands = cands[n:]
	}
}

// keep moves the candidate's excerpt to a copy of the text that begins at an offset
// in the blob, and its value if that stands there as it is.
func (c *candidate) keep(text []byte, base int64) {
	e := &c.excerpt
	from, to := e.start-base, e.end()-base
	e.text = text[from:to:to]
	from, to = c.span.Start-base, c.span.End-base
	if plain := text[from:to:to]; bytes.Equal(c.value, plain) {
		c.value = plain
	}
}

// Masked returns the finding's line, or what of it is near, with Mask in place
// of every secret in it.
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

// Reveal returns the finding's line as it is, secrets included.
func (e Excerpt) Reveal() string { return string(e.text[e.from:e.to]) }

// Line returns the finding's line and Before the one before it, each as far as
// it is near. They may hold secrets.
func (e Excerpt) Line() Secret { return Secret(e.text[e.line:]) }

// Before returns the line before the finding's; see Line.
func (e Excerpt) Before() Secret { return Secret(e.text[:e.line]) }

// secretSpans are the places of what must be masked: in order, and none touches
// the inside of another.
type secretSpans []span

// secretsOf returns the places of the secrets among candidates, which are in
// order. Ids are not secret: they must be seen to be rotated.
func secretsOf(cluster []candidate) (out secretSpans) {
	for i := range cluster {
		c := &cluster[i]
		if c.rule.Kind == patterns.AccessKeyID {
			continue
		}
		if n := len(out); n > 0 && c.span.Start < out[n-1].to {
			out[n-1].to = max(out[n-1].to, c.span.End)
			continue
		}
		out = append(out, span{c.span.Start, c.span.End})
	}
	return out
}

// hide masks the secrets in the excerpts of candidates.
func (s secretSpans) hide(cands []candidate) {
	for i := range cands {
		e := &cands[i].excerpt
		first := sort.Search(len(s), func(i int) bool { return s[i].to > e.start })
		last := sort.Search(len(s), func(i int) bool { return s[i].from >= e.end() })
		e.masks = s[first:max(first, last)]
	}
}

// randomRun is the length from which a run of base64 with letters of both cases
// may be a secret that no rule knows.
const randomRun = 32

// MaskRandom puts Mask in place of what may be a secret in text that is shown
// for other reasons: long runs of base64. Key ids are shorter.
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
