package scanner

import (
	"bytes"
	"cmp"
	"slices"
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
	start    int64    // offset of text in the blob
	line     int      // where the line begins in text
	from, to int      // the part of text to show
	masks    [][2]int // what is secret, as offsets into text
}

// newExcerpt cuts the line that holds text[start:end] and the one before, or
// what of them is near.
func newExcerpt(text []byte, start, end int, base int64) Excerpt {
	first, last := max(0, start-markReach), min(len(text), end+markReach)
	line := first
	if i := bytes.LastIndexAny(text[first:start], "\r\n"); i >= 0 {
		line = first + i + 1
		before := bytes.TrimRight(text[first:line], "\r\n")
		if i := bytes.LastIndexAny(before, "\r\n"); i >= 0 {
			first += i + 1
		}
	}
	if i := bytes.IndexAny(text[end:last], "\r\n"); i >= 0 {
		last = end + i
	}
	return Excerpt{
		text: bytes.Clone(text[first:last]), start: base + int64(first), line: line - first,
		from: max(line, start-excerptReach) - first, to: min(last, end+excerptReach) - first,
	}
}

// Masked returns the finding's line, or what of it is near, with Mask in place
// of every secret in it.
func (e Excerpt) Masked() string {
	var out []byte
	last := e.from
	for _, m := range e.masks {
		from, to := max(m[0], last), min(m[1], e.to)
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

// hide masks what of the span lies in the excerpt. Spans come in ascending
// order.
func (e *Excerpt) hide(start, end int64) {
	from, to := max(start-e.start, 0), min(end-e.start, int64(len(e.text)))
	if from < to {
		e.masks = append(e.masks, [2]int{int(from), int(to)})
	}
}

// secretSpans are the places of what must be masked, in order.
type secretSpans struct {
	spans   []Span
	longest int64
}

// secretsOf returns the places of the secrets among candidates. Ids are none:
// they must be seen to be rotated.
func secretsOf(cluster []candidate) (out secretSpans) {
	for i := range cluster {
		if c := &cluster[i]; c.rule.Kind != patterns.AccessKeyID {
			out.spans = append(out.spans, c.span)
			out.longest = max(out.longest, c.length())
		}
	}
	return out
}

// hide masks the secrets in f's excerpts.
func (f *Finding) hide(secrets secretSpans) {
	secrets.hideIn(&f.Excerpt)
	for i := range f.Related {
		secrets.hideIn(&f.Related[i].Excerpt)
	}
}

func (s *secretSpans) hideIn(e *Excerpt) {
	e.masks = nil
	first, _ := slices.BinarySearchFunc(s.spans, e.start-s.longest, func(sp Span, at int64) int { return cmp.Compare(sp.Start, at) })
	for _, sp := range s.spans[first:] {
		if sp.Start >= e.start+int64(len(e.text)) {
			break
		}
		e.hide(sp.Start, sp.End)
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
