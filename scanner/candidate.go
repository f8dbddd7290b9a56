package scanner

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/keyguard/keyguard/internal/proof"
	"github.com/keyguard/keyguard/patterns"
)

// candidate is a match that may become a finding, or a part of one.
type candidate struct {
	rule       *patterns.Rule
	span       Span
	value      []byte
	excerpt    Excerpt // empty until addPositions
	confidence patterns.Confidence
	severity   patterns.Severity
	specific   patterns.Specificity
	name       patterns.Name
	alone      bool   // a finding without another half
	doubt      string // reason why it is not alone, if that is its name
	drop       patterns.Drop
	facts      []proof.Fact
	decoded    []Encoding // outermost first
	owner      *candidate // the ID in it, if it is not a key pair
}

func newCandidate(rule *patterns.Rule, m patterns.Match) candidate {
	var decoded []Encoding
	if rule.Decode != "" {
		decoded = []Encoding{Encoding(rule.Decode)}
	}
	return candidate{
		rule:       rule,
		span:       Span{Start: int64(m.SecretStart), End: int64(m.SecretEnd)},
		value:      bytes.Clone(m.Value),
		confidence: m.Confidence,
		severity:   m.Severity,
		specific:   m.Specificity,
		decoded:    decoded,
		name:       m.Name,
		alone:      m.Alone,
		doubt:      m.Doubt,
		drop:       m.Drop,
		facts:      m.Facts,
	}
}

func (c *candidate) length() int64 { return c.span.End - c.span.Start }

// sortUnique sorts candidates by position. Of several candidates with the same kind and
// range, it keeps the best.
func sortUnique(cands []candidate) []candidate {
	sorted := true
	for i := 1; i < len(cands) && sorted; i++ {
		sorted = compare(&cands[i-1], &cands[i]) <= 0
	}
	if !sorted {
		cands = sortCandidates(cands)
	}
	n := 0
	for i := range cands {
		if c := &cands[i]; n == 0 || !c.sameAs(&cands[n-1]) {
			if n < i {
				cands[n] = *c
			}
			n++
		}
	}
	clear(cands[n:])
	return cands[:n]
}

// sortCandidates returns a sorted copy. It sorts pointers, because candidates are large.
func sortCandidates(cands []candidate) []candidate {
	order := make([]*candidate, len(cands))
	for i := range cands {
		order[i] = &cands[i]
	}
	slices.SortStableFunc(order, compare)
	out := make([]candidate, len(cands))
	for i, c := range order {
		out[i] = *c
	}
	return out
}

// sameAs reports whether two candidates have the same range and kind.
func (c *candidate) sameAs(o *candidate) bool {
	return c.span.Start == o.span.Start && c.span.End == o.span.End && c.rule.Kind == o.rule.Kind
}

// compare orders candidates by position, and those at one position by kind and rank.
func compare(a, b *candidate) int {
	if a.span.Start != b.span.Start {
		return cmp.Compare(a.span.Start, b.span.Start)
	}
	return cmp.Or(cmp.Compare(a.span.End, b.span.End), cmp.Compare(a.rule.Kind, b.rule.Kind), cmp.Compare(rank(b), rank(a)),
		cmp.Compare(a.rule.ID, b.rule.ID), slices.Compare(a.decoded, b.decoded), bytes.Compare(a.value, b.value))
}

// rank returns the rank of a candidate among others for the same bytes. The one with the
// highest rank is kept.
func rank(c *candidate) int {
	n := 2 * int(c.confidence)
	if len(c.decoded) == 0 {
		n++
	}
	if c.alone {
		n += 10
	}
	if c.rule.Kind == patterns.APIKey {
		n += 100 * int(c.specific)
	}
	if c.drop.IsZero() {
		n += 1000
	}
	return n
}
