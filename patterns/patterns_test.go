package patterns_test

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
)

func TestBuiltinRulesPassTheirOwnCheck(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			if err := r.Check(); err != nil {
				t.Error(err)
			}
			if r.Title == "" || r.Description == "" || r.Since == "" {
				t.Error("title, description or since is missing")
			}
		})
	}
}

func ExampleParseKeyID() {
	fmt.Println(patterns.ParseKeyID("ASIA" + "QNZGKIQY56JQ7WML").Account)
	// Output: 029608264753
}

func TestParseKeyID(t *testing.T) {
	for _, c := range []struct {
		name, body string
		generation patterns.Generation
		account    string
	}{
		{"new generation", "Y34FZKBOKMUTVV7A", patterns.NewGeneration, "609629065308"},
		{"account with a leading zero", "QNZGKIQY56JQ7WML", patterns.NewGeneration, "029608264753"},
		{"greatest account", "6RVFFB77RE7OLMKI", patterns.NewGeneration, "999999999999"},
		{"emulator", "QAAAAAAAGMKEM7X5", patterns.NewGeneration, "000000000000"},
		{"old generation, I", "IOSFODNN7EXAMPLE", patterns.OldGeneration, ""},
		{"old generation, J", "JSIE27KKMHXI3BJQ", patterns.OldGeneration, ""},
		{"fifth character never issued", "LALEMEL33243OLIB", patterns.Unissued, ""},
		{"account too great", "7777777777777777", patterns.Unissued, ""},
		{"not base32", "I44QH8DHBEXAMPLE", patterns.Malformed, ""},
		{"too short", "Y34FZKBOKMUTVV7", patterns.Malformed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := patterns.ParseKeyID("AKIA" + c.body)
			if got.Generation != c.generation || got.Account != c.account {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestEntropy(t *testing.T) {
	for s, want := range map[string]float64{"": 0, "aaaa": 0, "abab": 1, "abcdefgh": 3} {
		if got := patterns.Entropy([]byte(s)); got != want {
			t.Errorf("Entropy(%q) = %v, want %v", s, got, want)
		}
	}
}

func TestClassIsWrittenAsItIsRead(t *testing.T) {
	for _, text := range []string{"", "a", "0-9A-Za-z", "+/-9A-Z", "-", "+A-Z-", "+--", "\x00-\xff"} {
		c, err := patterns.ParseClass(text)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := patterns.ParseClass(c.String()); err != nil || again != c {
			t.Errorf("%q became %q, error %v", text, c, err)
		}
	}
}

func TestBadRuleFiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"bad TOML", "[[rule]\n", "expected"},
		{"unknown key", "[[rule]]\nid='x'\nkeyword=['AKIA']\n", "unknown key rule.keyword"},
		{"unknown severity", "[[rule]]\nid='x'\nseverity='huge'\n", `unknown severity "huge" (known: low, medium, high, critical)`},
		{"no keywords", "[[rule]]\nid='x'\nregex='a'\n", "give either keywords"},
		{"bad regex", "[[rule]]\nid='x'\nkeywords=['AKIA']\nregex='('\n", "missing closing"},
		{"no greatest length", "[[rule]]\nid='x'\nkeywords=['AKIA']\nregex='AKIA.*'\n", "no greatest length"},
		{"unknown check", "[[rule]]\nid='x'\nkeywords=['AKIA']\nregex='AKIA'\nchecks=['nope']\n", `unknown check "nope"`},
		{"short keyword", "[[rule]]\nid='x'\nkeywords=['AKI']\nregex='AKI'\n", "shorter than 4"},
		{"bad id", "[[rule]]\nid='X y'\n", "an id consists of"},
		{"id taken", "[[rule]]\nid='x'\nkeywords=['AKIA']\nregex='AKIA'\n[[rule]]\nid='x'\nkeywords=['AKIA']\nregex='AKIA'\n", "taken"},
		{"bad class", "[[rule]]\nid='x'\nleft='z-a'\n", "backward range"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := patterns.ParseFile("rules.toml", []byte(c.text))
			if err == nil {
				_, err = patterns.NewSet(file)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}

// TestBytesThatAreNotUTF8: an invalid byte grows when text is folded, so no check
// may take offsets from folded text.
func TestBytesThatAreNotUTF8(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rule, err := set.Rule("aws-secret-access-key")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := synth.New(1).Expand("{{secret}}")
	if err != nil {
		t.Fatal(err)
	}
	for _, junk := range []string{strings.Repeat("\xff", 190), strings.Repeat("\u023a", 100), strings.Repeat("\xe9", 150)} {
		text := junk + "\naccess_key = x\naws_secret_access_key = " + secret + "\n"
		if m, ok := rule.MatchAt([]byte(text), strings.Index(text, "secret")); !ok || !m.Drop.IsZero() {
			t.Errorf("after %q: got %v, %q", junk[:3], ok, m.Drop.Text)
		}
	}
}

// examples returns the built-in rules and their words, and calls add with their
// examples and counter-examples.
func examples(f *testing.F, add func(text string)) (*patterns.Set, *literal.Set) {
	set, err := patterns.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	literals, err := literal.New(set.Words())
	if err != nil {
		f.Fatal(err)
	}
	for i, r := range set.Rules() {
		for _, e := range append(r.Examples, r.CounterExamples...) {
			text, err := synth.New(uint64(i)).Expand(e)
			if err != nil {
				f.Fatal(err)
			}
			add(text)
		}
	}
	return set, literals
}

// FuzzMatchAtDependsOn: bytes further from a keyword than Before and After do not change
// the result.
func FuzzMatchAtDependsOn(f *testing.F) {
	set, literals := examples(f, func(text string) {
		f.Add([]byte("aws "+text+"\n\nid\n"), []byte("\nxyz=0 %2F"))
		f.Add([]byte(text+"\n"+text), []byte("aws secret jwt"))
	})
	f.Fuzz(func(t *testing.T, text, noise []byte) {
		if len(noise) == 0 {
			return
		}
		for _, hit := range literals.Append(nil, text, 0, len(text)) {
			for _, r := range set.RulesOf(hit.Word) {
				m, ok := r.MatchAt(text, hit.Pos)
				other := bytes.Clone(text)
				for i := range other {
					if i < hit.Pos-m.Before || i >= hit.Pos+m.After {
						other[i] = noise[i%len(noise)]
					}
				}
				n, found := r.MatchAt(other, hit.Pos)
				m.Value, n.Value, m.Tried, n.Tried = nil, nil, 0, 0
				if found != ok || !reflect.DeepEqual(n, m) {
					t.Fatalf("%s at %d: %+v, %v in %q\n%+v, %v in %q", r.ID, hit.Pos, m, ok, text, n, found, other)
				}
			}
		}
	})
}

// FuzzMatchAt compares the matches with the plain regular expression.
func FuzzMatchAt(f *testing.F) {
	set, literals := examples(f, func(text string) { f.Add([]byte(text)) })
	plains := make(map[*patterns.Rule]*regexp.Regexp)
	for _, r := range set.Rules() {
		if r.Near == nil && len(r.Paths) == 0 && r.Before == 0 && r.Decode == "" {
			plains[r] = regexp.MustCompile(`\A(?:` + r.Regex + `)`)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for r, plain := range plains {
			for _, hit := range literals.Append(nil, text, 0, len(text)) {
				loc := plain.FindSubmatchIndex(text[hit.Pos:])
				m, ok := r.MatchAt(text, hit.Pos)
				if ok && loc == nil {
					t.Fatalf("%s matched at %d where its regex does not: %q", r.ID, hit.Pos, text)
				}
				if ok && (m.Start != hit.Pos || m.SecretStart < m.Start || m.SecretEnd > len(text) || m.SecretStart >= m.SecretEnd) {
					t.Fatalf("%s: match %+v out of bounds in %q", r.ID, m, text)
				}
				if i := secretGroup(plain); ok && i > 0 && loc[2*i] >= 0 && m.SecretStart != hit.Pos+loc[2*i] {
					t.Fatalf("%s found at %d a secret at %d, its regex %v: %q", r.ID, hit.Pos, m.SecretStart, loc, text)
				}
				if !ok && loc != nil && r.Left == (patterns.Class{}) && r.Right == (patterns.Class{}) {
					t.Fatalf("%s missed a match of its regex at %d: %q", r.ID, hit.Pos, text)
				}
			}
		}
	})
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte("[[rule]]\nid='x'\nkeywords=['AKIA']\nregex='AKIA[0-9]{4}'\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := patterns.ParseFile("f", data)
		if err != nil {
			return
		}
		if set, err := patterns.NewSet(file); err == nil {
			for _, r := range set.Rules() {
				for at := range min(len(data), 100) {
					m, ok := r.MatchAt(data, at)
					if ok && (m.SecretStart < 0 || m.SecretEnd < m.SecretStart || len(data) < m.SecretEnd) {
						t.Fatalf("%q at %d: a secret from %d to %d, of %d bytes", r.Regex, at, m.SecretStart, m.SecretEnd, len(data))
					}
				}
			}
		}
	})
}

// secretGroup returns the index of the group of the secret, or 0.
func secretGroup(re *regexp.Regexp) int {
	names := re.SubexpNames()
	if i := slices.Index(names, "secret"); i > 0 {
		return i
	}
	return slices.Index(names[1:], "") + 1
}
