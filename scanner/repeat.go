package scanner

import (
	"bytes"

	"github.com/keyguard/keyguard/internal/literal"
)

// lastMatch is the result of the last occurrence of a keyword. The bytes within reach
// determine it.
type lastMatch struct {
	pos        int
	candidates []candidate // not shared
	reach      reach
	escapes    bool // escapes are decoded near it, which the result does not include
}

// repeats contains the last result of each keyword: texts repeat themselves.
type repeats struct {
	text     []byte
	last     []lastMatch // of each keyword; nil: only the last result is kept
	only     lastMatch
	same     textRange // a range that equals the bytes at a distance before it
	distance int
}

// newRepeats returns the repeats for a number of keywords in a text. They find nothing if
// hits are few.
func newRepeats(text []byte, words int, hits []literal.Hit) repeats {
	if len(hits) <= words {
		return repeats{}
	}
	return repeats{text: text, last: make([]lastMatch, words)}
}

// find returns the last result of the keyword, moved to its new position, or nil if other
// bytes surround the keyword there. The result is valid until the next call.
func (r *repeats) find(hit literal.Hit) *lastMatch {
	if r.last == nil {
		return nil
	}
	l := &r.last[hit.Word]
	by := hit.Pos - l.pos
	if l.reach.after == 0 || l.pos < l.reach.before || !r.equal(hit.Pos-l.reach.before, hit.Pos+l.reach.after, by) {
		return nil
	}
	l.pos = hit.Pos
	for i := range l.candidates {
		l.candidates[i].span.Start += int64(by)
		l.candidates[i].span.End += int64(by)
	}
	return l
}

// equal reports whether text[from:to] equals the bytes at a distance before it. The ranges
// of successive keywords overlap, so it compares only what follows the range that is known
// to be equal.
func (r *repeats) equal(from, to, distance int) bool {
	const step = 64 // limits what is compared again after a difference
	if to > len(r.text) {
		return false
	}
	if distance != r.distance || from < r.same.from || from > r.same.to {
		r.same, r.distance = textRange{from, from}, distance
	}
	for at := r.same.to; at < to; at = r.same.to {
		end := min(at+step, to)
		if !bytes.Equal(r.text[at:end], r.text[at-distance:end-distance]) {
			return false
		}
		r.same.to = end
	}
	return true
}

// record records the result of a keyword and returns it, valid until the next call. It
// takes over the candidates.
func (r *repeats) record(word int, m lastMatch) *lastMatch {
	to := &r.only
	if r.last != nil {
		to = &r.last[word]
	}
	*to = m
	return to
}

// reach is the numbers of bytes before and after a keyword that its outcome depends on.
type reach struct{ before, after int }

// extend extends a reach to at least the given numbers of bytes.
func (r *reach) extend(before, after int) {
	r.before, r.after = max(r.before, before), max(r.after, after)
}
