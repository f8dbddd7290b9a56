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
type repeats []lastMatch

// newRepeats returns the repeats for a number of keywords, or nil if hits are few.
func newRepeats(words int, hits []literal.Hit) repeats {
	if len(hits) <= words {
		return nil
	}
	return make(repeats, words)
}

// find returns the last result of the keyword, at the new position, if the same bytes
// surround the keyword.
func (r repeats) find(text []byte, hit literal.Hit) (found []candidate, used reach, ok bool) {
	if r == nil {
		return nil, used, false
	}
	j := &r[hit.Word]
	before, after := j.reach.before, j.reach.after
	if after == 0 || j.pos < before || hit.Pos+after > len(text) ||
		!bytes.Equal(text[j.pos-before:j.pos+after], text[hit.Pos-before:hit.Pos+after]) {
		return nil, used, false
	}
	found = slices.Clone(j.candidates)
	for i := range found {
		found[i].span.Start += int64(hit.Pos - j.pos)
		found[i].span.End += int64(hit.Pos - j.pos)
	}
	return found, j.reach, true
}

func (r repeats) record(hit literal.Hit, found []candidate, used reach) {
	if r != nil {
		r[hit.Word] = lastMatch{hit.Pos, slices.Clone(found), used}
	}
}

// reach is the numbers of bytes before and after a keyword that its outcome depends on.
type reach struct{ before, after int }

// extend extends a reach to at least the given numbers of bytes.
func (r *reach) extend(before, after int) {
	r.before, r.after = max(r.before, before), max(r.after, after)
}
