package patterns

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/proof"
)

// TestGroups: the secret is the group of that name, or the first group without a name.
func TestGroups(t *testing.T) {
	for _, c := range []struct{ name, regex, text, value, facts string }{
		{"one group", `key_=([a-z]{4})`, "key_=abcd", "abcd", ""},
		{"two groups", `key_([a-z]{2})=([a-z]{4})`, "key_ab=cdef", "ab", ""},
		{"the first group of an alternative", `key_(?:=([a-z]{4})|-([0-9]{2}))`, "key_-12", "12", ""},
		{"a named group", `key_(?P<mode>live|test)=([a-z]{4})`, "key_live=abcd", "abcd", "mode live"},
		{"a named group after the secret", `key_=([a-z]{4})@(?P<host>[a-z]{1,9})`, "key_=abcd@acme", "abcd", "host acme"},
		{"the named secret", `key_([a-z]{2})=(?P<secret>[a-z]{4})@(?P<host>[a-z]{1,9})`, "key_ab=cdef@acme", "cdef", "host acme"},
		{"named groups only", `key_(?P<mode>live|test)_[a-z]{4}`, "key_test_abcd", "key_test_abcd", "mode test"},
		{"a named group that does not match", `key_(?P<mode>live)?=([a-z]{4})`, "key_=abcd", "abcd", ""},
		{"a fact that does not print", "key_=([a-z]{4})(?P<host>\x01)", "key_=abcd\x01", "abcd", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, ok := compiledRule(t, fmt.Sprintf("keywords=['key_']\nregex=%q\n", c.regex)).MatchAt([]byte(c.text), 0)
			if !ok || string(m.Value) != c.value {
				t.Errorf("value %q, want %q", m.Value, c.value)
			}
			var facts []string
			for _, f := range m.Facts {
				facts = append(facts, f.Name+" "+f.Value)
			}
			if got := strings.Join(facts, "; "); got != c.facts {
				t.Errorf("facts %q, want %q", got, c.facts)
			}
		})
	}
}

func TestSeverityByFact(t *testing.T) {
	r := compiledRule(t, "severity='critical'\nkeywords=['key_']\nregex='key_'\nwhen=[{fact='mode=test', severity='low'}, {fact='region=eu', severity='high'}]\n")
	for _, c := range []struct {
		facts []proof.Fact
		want  Severity
	}{
		{nil, Critical},
		{[]proof.Fact{{Name: "mode", Value: "live"}}, Critical},
		{[]proof.Fact{{Name: "mode", Value: "test"}}, Low},
		{[]proof.Fact{{Name: "region", Value: "eu"}}, High},
		{[]proof.Fact{{Name: "region", Value: "eu"}, {Name: "mode", Value: "test"}}, Low}, // the first condition
	} {
		m := Match{Severity: Critical, Facts: c.facts}
		if r.setSeverity(&m); m.Severity != c.want {
			t.Errorf("%v: %s, want %s", c.facts, m.Severity, c.want)
		}
	}
}

func TestDecoys(t *testing.T) {
	// The first 8 bytes of the SHA-256 of abc, from FIPS 180-2.
	r := compiledRule(t, "keywords=['key_']\nregex='key_=([a-zA-Z0-9]{3,12})'\nstop=['Demo']\ndecoys=['ba7816bf8f01cfea']\n")
	for value, want := range map[string]bool{"abc": true, "abd": false, "xdemox": true, "DEMO1": true, "dem0": false} {
		if m, ok := r.MatchAt([]byte("key_="+value), 0); !ok || m.Drop.IsZero() == want {
			t.Errorf("%s: dropped %q", value, m.Drop.Text)
		}
	}
}

func TestBaseConfidence(t *testing.T) {
	const rule = "keywords=['key_']\nregex='key_=([a-z]{4})'\n"
	for fields, want := range map[string]Confidence{"": Sure, "confidence='high'": Sure, "confidence='medium'": Likely, "confidence='low'": Unsure} {
		if m, _ := compiledRule(t, rule+fields).MatchAt([]byte("key_=abcd"), 0); m.Confidence != want {
			t.Errorf("%q: %s", fields, m.Confidence)
		}
	}
}

func TestRulesOfFiles(t *testing.T) {
	for _, c := range []struct {
		name, fields string
		in, out      []string
	}{
		{"any file", "", []string{"a", "b/c.ini"}, nil},
		{"only some", "only_in=['*.ini', 'conf/app.*']", []string{"a.ini", "B/C.INI", "x/conf/app.yaml"}, []string{"a.txt", "conf/a.yaml", "app.yaml"}},
		{"not some", "not_in=['*.lock']", []string{"a.ini"}, []string{"a.lock", "b/yarn.lock"}},
		{"both", "only_in=['*.ini']\nnot_in=['test.ini']", []string{"a.ini"}, []string{"b/test.ini", "a.lock"}},
	} {
		r := compiledRule(t, "keywords=['key_']\nregex='key_'\n"+c.fields)
		if r.HasFiles() != (c.fields != "") {
			t.Errorf("%s: has files: %t", c.name, r.HasFiles())
		}
		for _, path := range c.in {
			if !r.InFile(path) {
				t.Errorf("%s: not in %s", c.name, path)
			}
		}
		for _, path := range c.out {
			if r.InFile(path) {
				t.Errorf("%s: in %s", c.name, path)
			}
		}
	}
}

// TestSpecificity: a keyword in the secret is stronger evidence than a name, and a proof is
// stronger than both.
func TestSpecificity(t *testing.T) {
	for _, c := range []struct {
		rule, text string
		want       Specificity
	}{
		{"keywords=['key_']\nregex='key_=([a-z]{4})'\n", "key_=abcd", ByName},
		{"keywords=['key_']\nregex='key_[a-z]{4}'\n", "key_abcd", ByPrefix},
		{"keywords=['key_']\nbefore=9\nregex='[a-z]{4}key_'\n", "abcdkey_", ByPrefix},
		{"keywords=['key_']\nbefore=9\nregex='([a-z]{4})-key_'\n", "abcd-key_", ByName},
		{"keywords=['acme_']\nregex='acme_[0-9]{9}'\nproof={kind='crc32', encoding='base62', prefixes=['acme_'], lengths=[9]}\n", "acme_123456789", ByPrefix},
	} {
		m, ok := compiledRule(t, c.rule).MatchAt([]byte(c.text), max(0, strings.Index(c.text, "key_")))
		if !ok || m.Specificity != c.want {
			t.Errorf("%s: %d, want %d", c.text, m.Specificity, c.want)
		}
	}
}
