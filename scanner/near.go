package scanner

import (
	"bytes"

	"github.com/keyguard/keyguard/patterns"
)

// withNear appends the candidates of near rules.
func (s *Scanner) withNear(b *budget, found []candidate, text []byte) []candidate {
	found = sortUnique(found)
	out := found
	for _, rule := range s.set.NearRules() {
		out = append(out, near(b, rule, found, text)...)
	}
	return out
}

// near returns the candidates of a near rule around others, which must be sorted. It
// searches each range once.
func near(b *budget, rule *patterns.Rule, around []candidate, text []byte) (out []candidate) {
	searched := 0
	for i := range around {
		c := &around[i]
		if !c.drop.IsZero() || !rule.IsNear(c.rule) {
			continue
		}
		if b.stopped() {
			break
		}
		start, end := int(c.span.Start), int(c.span.End)
		from := max(0, start-rule.Near.Bytes, searched)
		if from < start {
			from = linesBefore(text, from, start, rule.Near.Lines)
		}
		to := linesAfter(text, end, min(len(text), end+rule.Near.Bytes), rule.Near.Lines)
		if from >= to {
			continue
		}
		var matches []patterns.Match
		matches, searched = rule.MatchNear(text, from, to)
		for _, m := range matches {
			out = append(out, newCandidate(rule, m))
		}
	}
	return out
}

// linesBefore returns the start of the n-th line before to, but at least from.
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

// linesAfter returns the end of the n-th line after from, but at most to.
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
