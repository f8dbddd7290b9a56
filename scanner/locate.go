package scanner

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
)

// candidate is a match that may become a finding, or a part of one.
type candidate struct {
	rule       *patterns.Rule
	span       Span
	value      []byte
	excerpt    Excerpt // empty until the candidate is settled
	confidence patterns.Confidence
	name       patterns.Name
	alone      bool
	doubt      string // why it is not alone, if its name is the reason
	drop       patterns.Drop
	decoded    []Encoding // outermost first
	owner      *candidate // the id that it holds, if it is no key pair
}

// locate returns the candidates whose keyword starts in text[from:to], and those of near
// rules, sorted by position. text must extend as far around as the rules read. base is
// the offset of text in the blob.
func (s *Scanner) locate(e *effort, text []byte, from, to int, base int64, w *workspace) []candidate {
	w.hits = s.literals.Append(w.hits[:0], text, from, to)
	w.hits = slices.DeleteFunc(w.hits, func(h literal.Hit) bool { return h.Pos < from })
	out := s.candidates(e, text, w.hits, 0)
	for i := range out {
		out[i].span.Start += base
		out[i].span.End += base
	}
	return out
}

// candidates applies the rules at each keyword, and the near rules around the IDs found.
// Positions are offsets in text, which may be decoded: depth is the number of encodings.
func (s *Scanner) candidates(e *effort, text []byte, hits []literal.Hit, depth int) []candidate {
	var found []candidate
	s.judge(e, text, hits, depth, func(of showing) { found = append(found, of.found...) })
	return s.withNear(e, found, text)
}

// withNear appends the candidates of near rules.
func (s *Scanner) withNear(e *effort, found []candidate, text []byte) []candidate {
	found = settle(found)
	out := found
	for _, rule := range s.set.NearRules() {
		out = append(out, near(e, rule, found, text)...)
	}
	return out
}

// near returns the candidates of a near rule around others, which must be sorted. It
// searches each range once.
func near(e *effort, rule *patterns.Rule, around []candidate, text []byte) (out []candidate) {
	searched := 0
	_, reach := rule.Reach() // a match may cross the end of the searched range
	for i := range around {
		c := &around[i]
		if !c.drop.IsZero() || rule.Near.Kind != c.rule.Kind {
			continue
		}
		if e.stopped() {
			break
		}
		start, end := int(c.span.Start), int(c.span.End)
		from := linesBefore(text, max(0, start-rule.Near.Bytes), start, rule.Near.Lines)
		to := linesAfter(text, end, min(len(text), end+rule.Near.Bytes), rule.Near.Lines)
		for _, m := range rule.MatchNear(text, max(from, searched-reach), to) {
			out = append(out, newCandidate(rule, m))
		}
		searched = max(searched, to)
	}
	return out
}

// linesBefore returns the start of the n-th line before to, or from if that is
// farther on.
func linesBefore(text []byte, from, to, n int) int {
	for range n + 1 {
		i := bytes.LastIndexByte(text[from:to], '\n')
		if i < 0 {
			return from
		}
		to = from + i
	}
	return to + 1
}

// linesAfter returns the end of the n-th line after from, or to if that is
// nearer.
func linesAfter(text []byte, from, to, n int) int {
	for range n + 1 {
		i := bytes.IndexByte(text[from:to], '\n')
		if i < 0 {
			return to
		}
		from += i + 1
	}
	return from - 1
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
		decoded:    decoded,
		name:       m.Name,
		alone:      m.Alone,
		doubt:      m.Doubt,
		drop:       m.Drop,
	}
}

// settle sorts candidates by position, and keeps the best of those with the same kind and
// range.
func settle(cands []candidate) []candidate {
	slices.SortStableFunc(cands, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(a.span.End, b.span.End),
			cmp.Compare(a.rule.Kind, b.rule.Kind), cmp.Compare(rank(b), rank(a)), cmp.Compare(a.rule.ID, b.rule.ID),
			slices.Compare(a.decoded, b.decoded), bytes.Compare(a.value, b.value))
	})
	return slices.CompactFunc(cands, func(a, b candidate) bool {
		return a.span.Start == b.span.Start && a.span.End == b.span.End && a.rule.Kind == b.rule.Kind
	})
}

// rank orders candidates for the same bytes: the one with the higher rank is kept.
func rank(c candidate) int {
	n := 2 * int(c.confidence)
	if len(c.decoded) == 0 {
		n++
	}
	if c.alone {
		n += 10
	}
	if c.drop.IsZero() {
		n += 100
	}
	return n
}
