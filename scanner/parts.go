package scanner

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/patterns"
)

// Parts returns every part of a credential in text, to be masked, as one finding each and
// sorted by position. It includes everything that ScanBytes finds outside of archives. Of
// several secrets near one ID, all are parts: the text that decides between them may be
// elsewhere in the stream.
func (s *Scanner) Parts(text []byte) []Finding {
	out := s.parts(text)
	if u, ok := decode.UnitsOf(text); ok {
		for _, f := range s.parts(u.Narrow(nil, text)) {
			f.DecodedFrom = Decoding{Encodings: []Encoding{encodingOf(u)}}
			widen(&f.Span, u)
			out = append(out, f)
		}
		slices.SortStableFunc(out, func(a, b Finding) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	}
	return out
}

// PartReach returns the number of bytes before and after a position that affect the parts
// there.
func (s *Scanner) PartReach() (before, after int) {
	pair := int(s.pairBytes)
	return s.before + s.nearBytes + pair, s.after + pair
}

func (s *Scanner) parts(text []byte) []Finding {
	ws := new(workspace)
	w := &window{s: s, w: ws, buf: text, budget: newBudget(context.Background())}
	w.budget.left, w.budget.found = math.MaxInt, math.MinInt // without limits: nothing may stay unmasked
	cands := w.addPositions(s.locate(&w.budget, text, 0, len(text), 0, ws))
	if s.set.Pair != nil {
		s.dropHalves(cands)
	}
	ids := indexes(cands, patterns.AccessKeyID)
	var out []Finding
	for i := range cands {
		c := &cands[i]
		if !c.drop.IsZero() {
			continue
		}
		l, near := s.nearest(cands, ids, i)
		switch {
		case near && c.rule.Kind == patterns.SecretKey:
			out = append(out, s.pair(&cands[l.id], c, l.lines))
		case near:
			f := single(c)
			f.KeyID, f.Account = string(cands[l.id].value), patterns.ParseKeyID(string(cands[l.id].value)).Account
			out = append(out, f)
		case c.alone:
			out = append(out, single(c))
		}
	}
	return out
}

// nearest returns the cheapest link of a secret or token with an ID.
func (s *Scanner) nearest(cands []candidate, ids []int, other int) (best link, ok bool) {
	if kind := cands[other].rule.Kind; s.set.Pair == nil || kind != patterns.SecretKey && kind != patterns.Token {
		return link{}, false
	}
	at, _ := slices.BinarySearch(ids, other)
	for k := max(0, at-neighbors); k < min(len(ids), at+neighbors); k++ {
		if l, near := s.link(cands, ids, k, other); near && (!ok || l.cost < best.cost) {
			best, ok = l, true
		}
	}
	return best, ok
}
