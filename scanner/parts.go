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
	joiners := make(map[*patterns.Pair]*joiner)
	for _, p := range pairsOf(cands) {
		dropHalves(p, cands)
		joiners[p] = newJoiner(p, cands)
	}
	var out []Finding
	for i := range cands {
		if c := &cands[i]; c.drop.IsZero() {
			out = appendPart(out, c, i, joiners[c.rule.PartOf()])
		}
	}
	return out
}

// appendPart appends the finding of the candidate c with index i, unless it is harmless
// alone and not near an ID. j joins it to IDs; it is nil if c is not a part.
func appendPart(out []Finding, c *candidate, i int, j *joiner) []Finding {
	if j != nil && c.rule.Kind.Role() != patterns.RoleID {
		if l, ok := j.nearest(i); ok {
			id := &j.cluster[l.id]
			if c.rule.Kind.Role() == patterns.RoleSecret {
				return append(out, newPair(j.pair, id, c, l.lines))
			}
			f := single(c)
			f.setID(id)
			return append(out, f)
		}
	}
	if c.alone {
		out = append(out, single(c))
	}
	return out
}
