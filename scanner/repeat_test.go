package scanner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRepeatsEqualOwnResults: in a text that repeats itself with a few changes, each
// keyword has the same result as without the results of earlier ones.
func TestRepeatsEqualOwnResults(t *testing.T) {
	s := builtin(t)
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{
		"secret", "ABSK", "session_token ", "IQoJb3JpZ2lu", "AWSAccessKeyId=", `\/`, "=\n", "\n", " ", "abcdefghijkl",
		"aws_secret_access_key = " + secret(t) + "\n", secret(t), expanded(t, "{{akia}}"), strings.Repeat(". ", 150), strings.Repeat("x", 300),
	}
	random := func(n int) (out string) {
		for range n {
			out += pieces[rng.IntN(len(pieces))]
		}
		return out
	}
	for range 60 {
		unit := random(1 + rng.IntN(4))
		text := []byte(random(1) + strings.Repeat(unit, 30) + random(1) + strings.Repeat(unit, 30) + random(2))
		results := func(r repeats) (out []string) {
			b := newBudget(t.Context())
			hits := s.literals.Append(nil, text, 0, len(text))
			sortHits(hits)
			m := hitMatcher{s: s, budget: &b, text: text, broken: -1, repeats: r}
			m.yield = func(of hitResult) {
				line := fmt.Sprint(of.index, of.reach)
				for _, c := range of.candidates {
					line += fmt.Sprint(" ", c.rule.ID, c.span, string(c.value), c.drop, c.decoded)
				}
				out = append(out, line)
			}
			for i, hit := range hits {
				m.closeBefore(hit.Pos)
				found, used := m.match(i, hit)
				m.emit(hitResult{index: i, candidates: found, reach: used})
			}
			m.closeBefore(len(text) + 1)
			return out
		}
		want, got := results(repeats{}), results(repeats{text: text, last: make([]lastMatch, s.rules)})
		for i := range want {
			if len(got) != len(want) || got[i] != want[i] {
				t.Fatalf("%q repeated: %d results, want %d: %s, want %s", unit, len(got), len(want), got[i], want[i])
			}
		}
	}
}

// TestRepeatsCompareOnce: a range is compared only as far as it was not compared before.
func TestRepeatsCompareOnce(t *testing.T) {
	text := []byte(strings.Repeat("abcd", 100) + "." + strings.Repeat("abcd", 101))
	r := repeats{text: text[:801]}
	for _, c := range []struct {
		name               string
		from, to, distance int
		equal              bool
	}{
		{"a range", 4, 100, 4, true},
		{"a range that continues it", 8, 104, 4, true},
		{"up to the difference", 8, 400, 4, true},
		{"across the difference", 12, 401, 4, false},
		{"once more", 16, 405, 4, false},
		{"after the difference", 405, 801, 4, true},
		{"from the difference on", 400, 600, 4, false},
		{"another distance", 16, 100, 8, true},
		{"a wrong distance", 16, 100, 6, false},
		{"after the difference, once more", 405, 801, 4, true},
		{"past the end", 405, 802, 4, false},
		{"back before the difference", 4, 400, 4, true},
		{"nothing", 400, 400, 4, true},
	} {
		if got := r.equal(c.from, c.to, c.distance); got != c.equal {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
