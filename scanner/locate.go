package scanner

import (
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
)

// locate returns the candidates whose keyword starts in text[from:to], and the candidates
// of near rules, sorted by position. text must extend as far around the range as the
// rules read. base is the offset of text in the blob. The result is valid until w is used
// again.
func (s *Scanner) locate(b *budget, text []byte, from, to int, base int64, w *workspace) []candidate {
	w.hits = s.literals.Append(w.hits[:0], text, from, to)
	w.hits = slices.DeleteFunc(w.hits, func(h literal.Hit) bool { return h.Pos < from })
	w.located = s.candidates(b, w.located[:0], text, w.hits, 0)
	for i := range w.located {
		w.located[i].span.Start += base
		w.located[i].span.End += base
	}
	return w.located
}
