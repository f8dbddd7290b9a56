package patterns

import (
	"slices"
	"strings"
	"testing"
)

func TestInvalidRules(t *testing.T) {
	const simple = "keywords=['key_']\nregex='key_'\n"
	for _, c := range []struct{ name, rule, want string }{
		{"valid", simple, ""},
		{"two selections", simple + "paths=['a.key']\n", "give either keywords"},
		{"before is negative", simple + "before=-1\n", "before is -1: it takes 0 to 1024"},
		{"the greatest before", simple + "before=1024\n", ""},
		{"before is too great", simple + "before=1025\n", "before is 1025"},
		{"decode", simple + "decode='rot13'\n", `decode is "rot13"`},
		{"decode base64", simple + "decode='base64'\n", ""},
		{"value", simple + "value='('\n", "rule x: value: error parsing"},
		{"context", simple + "context='('\n", "rule x: context: error parsing"},
		{"sure", simple + "sure='('\n", "rule x: sure: error parsing"},
		{"unless", simple + "unless='('\n", "rule x: unless: error parsing"},
		{"the longest regex", "keywords=['key_']\nregex='key_[a-z]{1000}[0-9]{1000}[a-z]{1000}[0-9]{1000}[a-z]{92}'\n", ""},
		{"a regex that is too long", "keywords=['key_']\nregex='key_[a-z]{1000}[0-9]{1000}[a-z]{1000}[0-9]{1000}[a-z]{93}'\n", "can match 4097 bytes: at most 4096"},
		{"near without a run", "near={kind='api_key'}\nregex='abc'\n", "must contain a class"},
		{"near with a run", "near={kind='api_key'}\nregex='[a-z]{1}[0-9]{2}'\n", ""},
		{"names", simple + "names='foo'\n", `rule x: no [[names]] table has the id "foo"`},
		{"severity", simple + "severity='medium'\n", ""},
		{"kind", simple + "kind='foo'\n", `unknown kind "foo"`},
	} {
		file, err := ParseFile("test", []byte("[[rule]]\nid='x'\n"+c.rule))
		if err == nil {
			_, err = NewSet(file)
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestMustCompiledPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for an invalid rule")
		}
	}()
	r := &Rule{ID: "X"}
	r.prepare()
	r.Reach()
}

func TestCheckReportsFailures(t *testing.T) {
	rule := func(examples, counter []string) *Rule {
		return &Rule{ID: "x", Keywords: []string{"key_"}, Regex: "key_[0-9]{4}", Examples: examples, CounterExamples: counter}
	}
	for _, c := range []struct {
		name string
		rule *Rule
		want string
	}{
		{"right", rule([]string{"key_1234"}, []string{"key_123"}), ""},
		{"no examples", rule(nil, []string{"key_123"}), "give at least one"},
		{"no counter-examples", rule([]string{"key_1234"}, nil), "give at least one"},
		{"an example", rule([]string{"key_1234", "key_abcd"}, []string{"key_123"}), "rule x does not find its example 2: key_abcd"},
		{"a counter-example", rule([]string{"key_1234"}, []string{"key_1234"}), "rule x finds its counter-example 1: key_1234"},
		{"a template", rule([]string{"{{foo}}"}, []string{"key_123"}), "example 1: "},
		{"an invalid rule", &Rule{ID: "x"}, "give either keywords"},
		{"near", &Rule{ID: "x", Near: &Near{}, Regex: "[a-z]{4}"}, ""},
		{"paths", &Rule{ID: "x", Paths: []string{"*.key"}, Regex: "k", Examples: []string{"k"}, CounterExamples: []string{"x"}}, ""},
		{"an example of paths", &Rule{ID: "x", Paths: []string{"*.key"}, Regex: "k", Examples: []string{"x"}, CounterExamples: []string{"x"}}, "does not find"},
	} {
		err := c.rule.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestSet(t *testing.T) {
	file, err := ParseFile("test", []byte(`
[[rule]]
id='first-rule'
keywords=['key_','a-keyword-of-more-bytes']
regex='key_|a-keyword-of-more-bytes'
[[rule]]
id='second-rule'
severity='low'
family='f'
keywords=['key_']
regex='key_'
[[rule]]
id='near'
near={kind='api_key'}
regex='[a-z]{4}'
[[pair]]
id='pair'
lines=3
bytes=100
[[profile]]
id='few'
rules=['first-*','near']
`))
	if err != nil {
		t.Fatal(err)
	}
	set, err := NewSet(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := set.IDs(); !slices.Equal(got, []string{"first-rule", "second-rule", "near", "pair"}) {
		t.Errorf("IDs: got %q", got)
	}
	words := set.Words()
	if len(words) != 2 || words[0].Text != "key_" || words[1].Text != "a-keyword-of-mor" {
		t.Errorf("words: got %+v", words)
	}
	if a, b := set.RulesOf(0), set.RulesOf(1); len(a) != 2 || len(b) != 1 || b[0].ID != "first-rule" {
		t.Errorf("rules of words: got %d and %d", len(a), len(b))
	}
	if near := set.NearRules(); len(near) != 1 || near[0].ID != "near" {
		t.Errorf("near rules: got %d", len(near))
	}
	if a, b := set.Rules()[0], set.Rules()[1]; a.Severity != Medium || a.Family != Custom || b.Severity != Low || b.Family != "f" {
		t.Errorf("defaults: got %s, %s; %s, %s", a.Severity, a.Family, b.Severity, b.Family)
	}
	for id, want := range map[string]string{
		"near": "", "-rule": `no rule "-rule"; similar: first-rule, second-rule`, "foo": `no rule "foo"`,
	} {
		r, err := set.Rule(id)
		if want == "" && (err != nil || r.ID != id) || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: got %v", id, err)
		}
	}
	if set.Profile("foo") != nil {
		t.Error("an unknown profile is found")
	}
	if p := set.Profile("few"); p == nil || !p.Includes("first-rule") || !p.Includes("near") || p.Includes("second-rule") {
		t.Errorf("profile: got %+v", p)
	}
	if MatchesID([]string{"[", "a"}, "b") || !MatchesID([]string{"[", "a"}, "a") {
		t.Error("IDs with a bad pattern")
	}
	file = &File{Rules: []*Rule{{Family: "f"}}, Pairs: []*Pair{{}}}
	file.setFamily("g")
	if file.Rules[0].Family != "f" || file.Pairs[0].Family != "g" {
		t.Errorf("families: got %q, %q", file.Rules[0].Family, file.Pairs[0].Family)
	}
}

func TestVocabularyOfAnEarlierSet(t *testing.T) {
	rule := compiledRule(t, "keywords=['key_']\nregex='key_'\nnames='n'\n[[names]]\nid='n'\n")
	if _, err := NewSet(&File{Rules: []*Rule{rule}}); err != nil {
		t.Error(err)
	}
}

func TestClassBounds(t *testing.T) {
	for text, want := range map[string]string{
		"a-c": "abc", "-": "-", "a-": "a-", "-a": "-a", "--/": "-./", "a-a": "a", "+a-bz": "+abz", "\x00-\x02": "\x00\x01\x02", "\xfe-\xff": "\xfe\xff", "?-A": "?@A", "": "",
	} {
		c, err := ParseClass(text)
		if err != nil {
			t.Fatal(err)
		}
		for b := range 256 {
			if got := c.Has(byte(b)); got != (strings.IndexByte(want, byte(b)) >= 0) {
				t.Errorf("%q has %q: %v", text, byte(b), got)
			}
		}
	}
	for text, want := range map[string]string{"cab": "a-c", "-a": "a-", "b-dx": "b-dx", "\xfe-\xff": "\xfe-\xff", "ba": "a-b"} {
		c, err := ParseClass(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.String(); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}

func TestEnums(t *testing.T) {
	for text, want := range map[string]Severity{"": 0, "low": Low, "medium": Medium, "high": High, "critical": Critical} {
		s := Severity(9)
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want || s.String() != text {
			t.Errorf("severity %q: got %d, %v", text, s, err)
		}
	}
	for text, want := range map[string]Confidence{"low": Unsure, "medium": Likely, "high": Sure} {
		var c Confidence
		if err := c.UnmarshalText([]byte(text)); err != nil || c != want || c.String() != text {
			t.Errorf("confidence %q: got %d, %v", text, c, err)
		}
	}
	var by DropBy
	for i, name := range dropByNames() {
		if err := by.UnmarshalText([]byte(name)); err != nil || by != DropBy(i) || by.String() != name {
			t.Errorf("kind of drop %q: got %d, %v", name, by, err)
		}
	}
	if err := by.UnmarshalText([]byte("foo")); err == nil {
		t.Error("an unknown kind of drop is valid")
	}
	for kind, want := range map[Kind]bool{KeyPair: false, AccessKeyID: true, SecretKey: true, Token: true, APIKey: false, Sensitive: false} {
		if got := kind.IsPart(); got != want {
			t.Errorf("%s is a part: %v", kind, got)
		}
	}
}

func TestKeyIDs(t *testing.T) {
	for id, want := range map[string][2]bool{"AKIA": {false, true}, "ASIAX": {true, false}, "ASI": {}, "AKI": {}, "": {}, "XXXX": {}} {
		if got := [2]bool{Temporary(id), LongTerm(id)}; got != want {
			t.Errorf("%q: temporary, long-term: %v", id, got)
		}
	}
	for id, want := range map[string]bool{"AKIA": true, "aroa1": true, "A3TX": true, "A3": false, "AKI": false, "XKIA": false, "": false} {
		if got := awsID([]byte(id)); got != want {
			t.Errorf("%q has a prefix of AWS: %v", id, got)
		}
	}
	for id, want := range map[string]bool{"AKIA": true, "ASIA": true, "ABIA": true, "AROA": false, "AKI": false} {
		if got := isAWSPrefix([]byte(id)); got != want {
			t.Errorf("%q starts a key ID: %v", id, got)
		}
	}
	if got := KeyIDDrop("AKIA" + "XXXXXXXXXXXXXXX"); got != "" {
		t.Errorf("too short: got %q", got)
	}
}
