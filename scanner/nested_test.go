package scanner

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// over returns a candidate of a kind for a range.
func over(kind patterns.Kind, start, end int64) candidate {
	return at(kind, 1, start, strings.Repeat("x", int(end-start)))
}

// TestNested: a candidate within a longer token or API key is not a finding of its own.
func TestNested(t *testing.T) {
	const (
		key    = patterns.AccessKeyID
		secret = patterns.SecretKey
		token  = patterns.Token
		api    = patterns.APIKey
	)
	example := func(c candidate) candidate {
		c.drop = patterns.Drop{By: patterns.ByContent, Text: "an example"}
		return c
	}
	half := func(c candidate) candidate {
		c.alone = false
		return c
	}
	specific := func(c candidate, by patterns.Specificity) candidate {
		c.specific = by
		return c
	}
	for _, c := range []struct {
		name    string
		cluster []candidate
		rest    string // kinds that are left, with the ID that names the owner
		nested  string // kinds and reasons
	}{
		{"nothing within another", []candidate{over(key, 0, 20), over(token, 20, 90)}, "access_key_id session_token", ""},
		{"a secret in a token", []candidate{over(token, 0, 90), over(secret, 20, 60)}, "session_token", "secret_access_key: a part of a longer credential"},
		{"an ID in a token is its owner", []candidate{over(token, 0, 90), over(key, 20, 40)}, "session_token(20)", ""},
		{"of two IDs, the first is the owner", []candidate{over(token, 0, 90), over(key, 20, 40), over(key, 50, 70)}, "session_token(20)", "access_key_id: a part of a longer credential"},
		{"an example of an ID is not an owner", []candidate{over(token, 0, 90), example(over(key, 20, 40))}, "session_token", "access_key_id: an example"},
		{"an example of a token contains nothing", []candidate{example(over(token, 0, 90)), over(secret, 20, 60)}, "session_token secret_access_key", ""},
		{"a secret contains nothing", []candidate{over(secret, 0, 40), over(token, 10, 30)}, "secret_access_key session_token", ""},
		{"a secret of a pair and a key of equal range that a name identifies", []candidate{specific(over(api, 0, 40), patterns.ByName), over(secret, 0, 40)}, "secret_access_key", "api_key: the text of another credential"},
		{"a secret of a pair and a key of equal range with a prefix", []candidate{specific(over(api, 0, 40), patterns.ByPrefix), over(secret, 0, 40)}, "api_key secret_access_key", ""},
		{"a longer key that a name identifies", []candidate{specific(over(api, 0, 41), patterns.ByName), over(secret, 0, 40)}, "api_key", "secret_access_key: a part of a longer credential"},
		{"equal ranges", []candidate{over(api, 0, 90), over(token, 0, 90)}, "api_key session_token", ""},
		{"a secret of equal range", []candidate{over(secret, 0, 40), over(token, 0, 40)}, "secret_access_key session_token", ""},
		{"a longer token from the same start", []candidate{over(token, 0, 60), over(token, 0, 90)}, "session_token", "session_token: a part of a longer credential"},
		{"a longer token to the same end", []candidate{over(token, 0, 90), over(token, 30, 90)}, "session_token", "session_token: a part of a longer credential"},
		{"across the end", []candidate{over(token, 0, 90), over(secret, 60, 100)}, "session_token secret_access_key", ""},
		{"three deep: the ID names the owner of the longest", []candidate{over(token, 0, 90), over(api, 10, 80), over(key, 20, 40)}, "session_token(20)", "api_key: a part of a longer credential"},
		{"a more specific key in a longer one", []candidate{over(api, 0, 90), specific(over(api, 10, 50), patterns.ByPrefix)}, "api_key", "api_key: the text of another credential"},
		{"a more specific key across the end", []candidate{over(api, 0, 40), specific(over(api, 30, 70), patterns.ByProof)}, "api_key", "api_key: the text of another credential"},
		{"a more specific key of equal range", []candidate{specific(over(api, 0, 40), patterns.ByPrefix), specific(over(api, 0, 40), patterns.ByProof)}, "api_key", "api_key: the text of another credential"},
		{"a key that is not reported alone contains nothing", []candidate{half(over(api, 0, 90)), over(api, 10, 50)}, "api_key api_key", ""},
		{"a more specific key beside it", []candidate{over(api, 0, 40), specific(over(api, 40, 80), patterns.ByProof)}, "api_key api_key", ""},
		{"a more specific key that is an example", []candidate{over(api, 0, 90), example(specific(over(api, 10, 50), patterns.ByPrefix))}, "api_key api_key", ""},
		{"an ID outside of the more specific key", []candidate{over(api, 0, 90), specific(over(api, 10, 50), patterns.ByPrefix), over(key, 60, 80)}, "api_key access_key_id", "api_key: the text of another credential"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rest, nested := removeNested(c.cluster)
			var left, removed []string
			for _, r := range rest {
				s := string(r.rule.Kind)
				if r.owner != nil {
					s += "(" + string('0'+rune(r.owner.span.Start/10)) + "0)"
				}
				left = append(left, s)
			}
			for _, n := range nested {
				removed = append(removed, string(n.rule.Kind)+": "+n.drop.Text)
			}
			if got := strings.Join(left, " "); got != c.rest {
				t.Errorf("left %q, want %q", got, c.rest)
			}
			if got := strings.Join(removed, "; "); got != c.nested {
				t.Errorf("nested %q, want %q", got, c.nested)
			}
		})
	}
}

// TestSortUnique: of several candidates for the same bytes and of one kind, the best is
// kept.
func TestSortUnique(t *testing.T) {
	named := func(c candidate, rule string, change func(*candidate)) candidate {
		c.rule = &patterns.Rule{ID: rule, Kind: c.rule.Kind}
		change(&c)
		return c
	}
	same := func(*candidate) {}
	whole := over(patterns.SecretKey, 0, 40)
	for _, c := range []struct {
		name  string
		cands []candidate
		want  string // rules in order
	}{
		{"by position", []candidate{named(over(patterns.SecretKey, 50, 90), "b", same), named(whole, "a", same)}, "a b"},
		{"the shorter first", []candidate{named(over(patterns.SecretKey, 0, 50), "b", same), named(whole, "a", same)}, "a b"},
		{"another kind is kept", []candidate{named(whole, "a", same), named(over(patterns.Token, 0, 40), "b", same)}, "a b"},
		{"by the ID of the rule", []candidate{named(whole, "b", same), named(whole, "a", same)}, "a"},
		{"the more confident", []candidate{named(whole, "a", func(c *candidate) { c.confidence = patterns.Likely }), named(whole, "b", same)}, "b"},
		{"verbatim before decoded", []candidate{named(whole, "a", func(c *candidate) { c.decoded = []Encoding{Hex} }), named(whole, "b", same)}, "b"},
		{"decoded before less confident", []candidate{
			named(whole, "a", func(c *candidate) { c.confidence = patterns.Likely }),
			named(whole, "b", func(c *candidate) { c.decoded = []Encoding{Hex} }),
		}, "b"},
		{"alone before more confident", []candidate{
			named(whole, "a", func(c *candidate) { c.alone = false }),
			named(whole, "b", func(c *candidate) { c.confidence = patterns.Unsure }),
		}, "b"},
		{"not dropped before alone", []candidate{
			named(whole, "a", func(c *candidate) { c.drop = patterns.Drop{By: patterns.ByContent, Text: "an example"} }),
			named(whole, "b", func(c *candidate) { c.alone, c.confidence = false, patterns.Unsure }),
		}, "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, u := range sortUnique(c.cands) {
				got = append(got, u.rule.ID)
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("kept %q, want %q", g, c.want)
			}
		})
	}
}
