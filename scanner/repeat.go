package scanner

import (
	"bytes"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
)

// lastMatch is the result of the rules at the last occurrence of a keyword, without
// encoded text. The bytes within reach determine it.
type lastMatch struct {
	pos        int
	candidates []candidate // not shared
	reach      reach
}

// repeats contains the last result of each keyword: texts repeat themselves.
type repeats struct {
	last []lastMatch // nil: nothing is kept
	out  []candidate // the result of the last call of find
}

// newRepeats returns the repeats for a number of keywords. It keeps nothing if hits are
// few.
func newRepeats(words int, hits []literal.Hit) repeats {
	if len(hits) <= words {
		return repeats{}
	}
	return repeats{last: make([]lastMatch, words)}
}

// find returns the last result of the keyword, at the new position, if the same bytes
// surround the keyword. The candidates are valid until the next call.
func (r *repeats) find(text []byte, hit literal.Hit) (found []candidate, used reach, ok bool) {
	if r.last == nil {
		return nil, used, false
	}
	j := &r.last[hit.Word]
	before, after := j.reach.before, j.reach.after
	if after == 0 || j.pos < before || hit.Pos+after > len(text) ||
		!bytes.Equal(text[j.pos-before:j.pos+after], text[hit.Pos-before:hit.Pos+after]) {
		return nil, used, false
	}
	r.out = append(r.out[:0], j.candidates...)
	for i := range r.out {
		r.out[i].span.Start += int64(hit.Pos - j.pos)
		r.out[i].span.End += int64(hit.Pos - j.pos)
	}
	return r.out, j.reach, true
}

func (r *repeats) record(hit literal.Hit, found []candidate, used reach) {
	if r.last != nil && used.after > 0 {
		r.last[hit.Word] = lastMatch{hit.Pos, slices.Clone(found), used}
	}
}

// reach is the numbers of bytes before and after a keyword that its outcome depends on.
type reach struct{ before, after int }

// extend extends a reach to at least the given numbers of bytes.
func (r *reach) extend(before, after int) {
	r.before, r.after = max(r.before, before), max(r.after, after)
}
