package patterns

import (
	"strings"
	"testing"
)

func TestInvalidPairs(t *testing.T) {
	valid := func(id string) *Pair { return &Pair{ID: id, Lines: 2, Bytes: 100} }
	for _, c := range []struct {
		name, want string
		pairs      []*Pair
	}{
		{"two", "", []*Pair{valid("a"), valid("b")}},
		{"parts on one line", "", []*Pair{{ID: "a", Bytes: 1}}},
		{"as far apart as possible", "", []*Pair{{ID: "a", Bytes: maxPair}}},
		{"a repeated ID", "pair a: the id is taken", []*Pair{valid("a"), valid("a")}},
		{"an ID in capitals", `pair "A": an id consists of`, []*Pair{valid("A")}},
		{"no distance", `pair "a": give the greatest distance`, []*Pair{{ID: "a"}}},
		{"too far apart", `pair "a": give the greatest distance`, []*Pair{{ID: "a", Bytes: maxPair + 1}}},
		{"fewer lines than none", `pair "a": give the greatest distance`, []*Pair{{ID: "a", Bytes: 1, Lines: -1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewSet(&File{Pairs: c.pairs})
			if got := errorText(err); got != c.want && (c.want == "" || !strings.HasPrefix(got, c.want)) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A rule belongs to the pair that it names, or to the one of its kind.
func TestRulesOfPairs(t *testing.T) {
	rule := func(id string, kind Kind, pair string) *Rule {
		return &Rule{ID: id, Kind: kind, Pair: pair, Keywords: []string{id}, Regex: id}
	}
	rules := []*Rule{
		rule("aws-secret", SecretKey, ""), rule("acme-secret", PairSecret, "acme"), rule("acme-key", SecretKey, "acme"),
		rule("acme-id", PairID, "acme"), rule("lost-secret", PairSecret, "disabled"), rule("whole-key", APIKey, ""),
	}
	set, err := NewSet(&File{Rules: rules, Pairs: []*Pair{{ID: "aws", Bytes: 1, Kinds: []Kind{SecretKey}}, {ID: "acme", Bytes: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ pair, salt string }{
		{"aws", "kind secret_access_key"}, {"acme", "pair acme"}, {"acme", "pair acme"}, {"acme", "rule acme-id"}, {"", "pair disabled"}, {"", "rule whole-key"},
	} {
		got := ""
		if p := rules[i].PartOf(); p != nil {
			got = p.ID
		}
		if got != want.pair {
			t.Errorf("%s is a part of %q, want %q", rules[i].ID, got, want.pair)
		}
		if salt := rules[i].FingerprintSalt(); salt != want.salt {
			t.Errorf("%s: salt %q, want %q", rules[i].ID, salt, want.salt)
		}
	}
	if set.Pair("acme") != set.Pairs[1] || set.Pair("disabled") != nil {
		t.Error("pairs by ID")
	}
	if _, err := NewSet(&File{Rules: []*Rule{rule("a-secret", PairSecret, "")}}); err == nil || err.Error() != "rule a-secret: the kind secret is a part of a pair: give pair" {
		t.Errorf("a part without a pair: got %v", err)
	}
}

func TestKinds(t *testing.T) {
	for kind, want := range map[Kind]struct {
		role   Role
		public bool
	}{
		AccessKeyID: {RoleID, true}, SecretKey: {RoleSecret, false}, Token: {RoleToken, false}, APIKey: {}, Sensitive: {}, KeyPair: {},
		PairID: {RoleID, true}, PairSecret: {RoleSecret, false}, PairToken: {RoleToken, false}, PairUser: {RoleUser, true}, PairHost: {RoleHost, true},
	} {
		if kind.Role() != want.role || kind.IsPublic() != want.public || kind.IsPart() != (want.role != RoleNone) {
			t.Errorf("%s: role %d, public %t, part %t", kind, kind.Role(), kind.IsPublic(), kind.IsPart())
		}
		var read Kind
		if err := read.UnmarshalText([]byte(kind)); err != nil || read != kind {
			t.Errorf("%s: read %q, %v", kind, read, err)
		}
	}
	if err := new(Kind).UnmarshalText([]byte("key")); err == nil || !strings.Contains(err.Error(), `unknown kind "key"`) {
		t.Errorf("an unknown kind: got %v", err)
	}
}

func TestDescriptions(t *testing.T) {
	r := &Rule{Describe: "aws-key-id"}
	for dashed, want := range map[string]Description{
		"AKIA-QAAAAAAAGMKEM7X5": {Account: "000000000000", LongTerm: true, Structure: "long-lived key, well-formed, of account 000000000000"},
		"ASIA-IAAAAAAAGMKEM7X5": {Temporary: true, Structure: "temporary key, well-formed, of the generation without an account"},
		"AKIA-AAAAAAAAGMKEM7X5": {LongTerm: true, Structure: "long-lived key, base32, but of a generation that AWS does not issue"},
		"AKIA-1111111111111111": {LongTerm: true, Structure: "long-lived key, not base32, so not issued by AWS"},
	} {
		if got := r.DescribeID(strings.Replace(dashed, "-", "", 1)); got != want {
			t.Errorf("%s: %+v", dashed, got)
		}
	}
	if got := new(Rule).DescribeID("AKIA1111111111111111"); got != (Description{}) {
		t.Errorf("without a description: %+v", got)
	}
	if _, err := NewSet(&File{Rules: []*Rule{{ID: "a", Describe: "b", Keywords: []string{"word"}, Regex: "word"}}}); err == nil || !strings.Contains(err.Error(), `unknown description "b"`) {
		t.Errorf("an unknown description: got %v", err)
	}
}
