package scanner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// pairScanner returns a scanner with the built-in rules.
func pairScanner(t testing.TB) *Scanner {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return New(set, Options{})
}

// partRules returns a rule of each kind, whose parts the AWS pair joins.
var partRules = sync.OnceValue(func() map[patterns.Kind]*patterns.Rule {
	file := &patterns.File{Pairs: []*patterns.Pair{{
		ID: "aws-key-pair", Kinds: []patterns.Kind{patterns.AccessKeyID, patterns.SecretKey, patterns.Token}, Lines: 60, Bytes: 8 << 10,
	}}}
	for _, kind := range []patterns.Kind{patterns.AccessKeyID, patterns.SecretKey, patterns.Token, patterns.APIKey} {
		rule := &patterns.Rule{ID: strings.ReplaceAll(string(kind), "_", "-"), Kind: kind, Keywords: []string{"word"}, Regex: "word"}
		if kind == patterns.AccessKeyID {
			rule.Describe = "aws-key-id"
		}
		file.Rules = append(file.Rules, rule)
	}
	set, err := patterns.NewSet(file)
	if err != nil {
		panic(err)
	}
	rules := make(map[patterns.Kind]*patterns.Rule)
	for _, r := range set.Rules() {
		rules[r.Kind] = r
	}
	return rules
})

// at returns a candidate of a kind on a line, with the given value.
func at(kind patterns.Kind, line int, start int64, value string) candidate {
	return candidate{
		rule:  partRules()[kind],
		span:  Span{Start: start, End: start + int64(len(value)), Line: line, Column: 1, EndLine: line, EndColumn: 1 + len(value)},
		value: []byte(value), alone: true, confidence: patterns.Sure,
	}
}

// id returns a fake key ID with a number.
func id(prefix string, n int) string { return fmt.Sprintf("%s%016d", prefix, n) }

// TestPairing: a part is a kind, a line, an offset and a value. A pair is the values of
// its ID and its secret.
func TestPairing(t *testing.T) {
	const (
		key    = patterns.AccessKeyID
		secret = patterns.SecretKey
		token  = patterns.Token
	)
	one, two := id("AKIA", 1), id("AKIA", 2)
	temporary := id("ASIA", 3)
	for _, c := range []struct {
		name    string
		cluster []candidate
		want    []string // findings in order: kind, ID, secret, number of related parts
	}{
		{"an ID, then its secret", []candidate{at(key, 1, 0, one), at(secret, 2, 30, "S1")}, []string{"key_pair " + one + " S1 1"}},
		{"a secret, then its ID", []candidate{at(secret, 1, 0, "S1"), at(key, 2, 30, one)}, []string{"key_pair " + one + " S1 1"}},
		{"two pairs, IDs first", []candidate{at(key, 1, 0, one), at(secret, 2, 30, "S1"), at(key, 3, 60, two), at(secret, 4, 90, "S2")},
			[]string{"key_pair " + one + " S1 1", "key_pair " + two + " S2 1"}},
		{"two pairs, secrets first", []candidate{at(secret, 1, 0, "S1"), at(key, 2, 30, one), at(secret, 3, 60, "S2"), at(key, 4, 90, two)},
			[]string{"key_pair " + one + " S1 1", "key_pair " + two + " S2 1"}},
		{"both IDs, then both secrets", []candidate{at(key, 1, 0, one), at(key, 2, 30, two), at(secret, 3, 60, "S1"), at(secret, 4, 90, "S2")},
			[]string{"key_pair " + one + " S1 1", "key_pair " + two + " S2 1"}},
		{"of two IDs at one distance, the one before", []candidate{at(key, 1, 0, one), at(secret, 2, 30, "S1"), at(key, 3, 42, two)},
			[]string{"access_key_id " + two + " " + two + " 0", "key_pair " + one + " S1 1"}},
		{"a token joins the pair of a temporary ID", []candidate{at(key, 1, 0, temporary), at(secret, 2, 30, "S1"), at(token, 3, 60, "T1")},
			[]string{"key_pair " + temporary + " S1 2"}},
		{"a token with an ID, without a secret", []candidate{at(key, 1, 0, temporary), at(token, 2, 30, "T1")},
			[]string{"session_token " + temporary + " T1 1"}},
		{"a token without an ID", []candidate{at(token, 2, 30, "T1")}, []string{"session_token  T1 0"}},
		{"the same pair twice", []candidate{at(key, 1, 0, one), at(secret, 2, 30, "S1"), at(key, 3, 60, one), at(secret, 4, 90, "S1")},
			[]string{"key_pair " + one + " S1 3"}},
		{"an ID once more", []candidate{at(key, 1, 0, one), at(secret, 2, 30, "S1"), at(key, 9, 900, one)}, []string{"key_pair " + one + " S1 2"}},
		{"too many lines apart", []candidate{at(key, 1, 0, one), at(secret, 400, 3000, "S1")},
			[]string{"access_key_id " + one + " " + one + " 0", "secret_access_key  S1 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := newChain()
			dropped := pairScanner(t).findings(c.cluster, to)
			var got []string
			for _, f := range to.found {
				got = append(got, fmt.Sprintf("%s %s %s %d", f.Kind, f.KeyID, f.Secret.Reveal(), len(f.Related)))
			}
			want := map[string]bool{}
			for _, w := range c.want {
				want[w] = true
			}
			for _, g := range got {
				if !want[g] {
					t.Errorf("unexpected %q", g)
				}
				delete(want, g)
			}
			for w := range want {
				t.Errorf("missing %q in %q", w, got)
			}
			if len(dropped) > 0 {
				t.Errorf("dropped %d", len(dropped))
			}
		})
	}
}

// TestHalvesOfEmulators: the halves that are dropped with the ID of an emulator have no
// other ID as near.
func TestHalvesOfEmulators(t *testing.T) {
	real := func(line int, start int64) candidate { return at(patterns.AccessKeyID, line, start, id("AKIA", 1)) }
	dropped := func(by patterns.DropBy, line int, start int64) candidate {
		c := at(patterns.AccessKeyID, line, start, id("AKIA", line+1))
		c.drop = patterns.Drop{By: by, Text: "a reason"}
		return c
	}
	emulated := func(line int, start int64) candidate { return dropped(patterns.ByEmulator, line, start) }
	secret := func(line int, start int64, value string) candidate {
		return at(patterns.SecretKey, line, start, value)
	}
	for _, c := range []struct {
		name    string
		cluster []candidate
		want    string // the secrets that are dropped
	}{
		{"its only ID is an emulator's", []candidate{emulated(1, 0), secret(2, 30, "S1")}, "S1"},
		{"each beside its own", []candidate{real(1, 0), secret(2, 30, "S1"), emulated(3, 60), secret(4, 90, "S2")}, "S2"},
		{"each beside its own, the emulator's first", []candidate{emulated(1, 0), secret(2, 30, "S1"), real(3, 60), secret(4, 90, "S2")}, "S1"},
		{"a nearer ID is taken", []candidate{real(1, 0), secret(2, 30, "S1"), secret(2, 40, "S2"), emulated(9, 300)}, ""},
		{"a nearer ID after it is taken", []candidate{emulated(1, 0), secret(9, 300, "S1"), secret(9, 310, "S2"), real(10, 330)}, ""},
		{"a farther ID is taken", []candidate{real(1, 0), secret(2, 30, "S1"), secret(9, 300, "S2"), emulated(10, 330)}, "S2"},
		{"an ID as near is taken", []candidate{real(1, 0), secret(1, 21, "S1"), secret(1, 60, "S2"), emulated(1, 72)}, ""},
		{"an ID nearly as near is taken", []candidate{real(1, 0), secret(1, 21, "S1"), secret(1, 61, "S2"), emulated(1, 73)}, "S2"},
		{"a nearer ID is an example", []candidate{dropped(patterns.ByContent, 1, 0), secret(2, 30, "S1"), secret(2, 40, "S2"), emulated(9, 300)}, "S2"},
		{"an example stands before the nearer ID", []candidate{real(1, 0), secret(2, 30, "S0"), dropped(patterns.ByContent, 3, 60), secret(4, 90, "S1"), secret(4, 95, "S2"), emulated(30, 900)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dropHalves(partRules()[patterns.AccessKeyID].PartOf(), c.cluster)
			got := ""
			for _, c := range c.cluster {
				if c.rule.Kind == patterns.SecretKey && c.drop.By == patterns.ByEmulator {
					got += string(c.value)
				}
			}
			if got != c.want {
				t.Errorf("dropped %q, want %q", got, c.want)
			}
		})
	}
}

// TestEveryCandidateEnds counts candidates before and after pairing: each is a finding, a
// part of one, or dropped with a reason.
func TestEveryCandidateEnds(t *testing.T) {
	s := pairScanner(t)
	rng := rand.New(rand.NewPCG(1, 4))
	kinds := []patterns.Kind{patterns.AccessKeyID, patterns.SecretKey, patterns.Token, patterns.APIKey}
	total, reasons := 0, make(map[string]int)
	for total < 10_000 {
		var cluster []candidate
		start, line := int64(0), 1
		for range 1 + rng.IntN(12) {
			kind := kinds[rng.IntN(len(kinds))]
			value := fmt.Sprintf("%s-%02d", kind, rng.IntN(4))
			if kind == patterns.AccessKeyID {
				value = id([]string{"AKIA", "ASIA"}[rng.IntN(2)], rng.IntN(3))
			}
			c := at(kind, line, start, value)
			switch rng.IntN(8) {
			case 0:
				c.drop = patterns.Drop{By: patterns.ByContent, Text: "a check"}
			case 1:
				c.drop = patterns.Drop{By: patterns.ByEmulator, Text: "an emulator"}
			case 2:
				c.alone = false
			case 3:
				c.span.End += 60 // contains others
			}
			cluster = append(cluster, c)
			start += int64(rng.IntN(80))
			line += rng.IntN(3)
		}
		cluster = sortUnique(cluster) // duplicates are one candidate
		total += len(cluster)
		ends := 0
		to := newChain()
		for _, f := range s.findings(cluster, to) {
			ends += 1 + len(f.Related)
			if f.Drop.IsZero() || f.Drop.Text == "" {
				t.Fatalf("dropped without a reason: %+v", f)
			}
			reasons[f.Drop.Text]++
		}
		for _, f := range to.found {
			ends += 1 + len(f.Related)
		}
		if ends != len(cluster) {
			var text string
			for _, c := range cluster {
				text += fmt.Sprintf("%s %q alone %v drop %q at %d-%d line %d\n", c.rule.Kind, c.value, c.alone, c.drop.Text, c.span.Start, c.span.End, c.span.Line)
			}
			t.Fatalf("%d candidates, %d ends:\n%s", len(cluster), ends, text)
		}
	}
	if len(reasons) < 4 {
		t.Errorf("reasons: %v", reasons)
	}
}
