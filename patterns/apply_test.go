package patterns

import (
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// compiledRule returns the rule of a [[rule]] table, with ID x.
func compiledRule(t *testing.T, table string) *Rule {
	t.Helper()
	file, err := ParseFile("test", []byte("[[rule]]\nid='x'\n"+table))
	if err != nil {
		t.Fatal(err)
	}
	set, err := NewSet(file)
	if err != nil {
		t.Fatal(err)
	}
	return set.Rules()[0]
}

// TestMatchAt applies rules at the keyword "key_" in a text.
func TestMatchAt(t *testing.T) {
	const simple = "keywords=['key_']\nregex='key_=?([a-z]{4})'\n"
	for _, c := range []struct {
		name, rule, text string
		value            string // "" without a match
	}{
		{"a group", simple, "key_=abcd", "abcd"},
		{"no match", simple, "key_=abc", ""},
		{"no group", "keywords=['key_']\nregex='key_[a-z]{4}'\n", "key_abcd", "key_abcd"},
		{"a group that does not match", "keywords=['key_']\nregex='key_(?:=([a-z]{4})|-)'\n", "key_-", "key_-"},
		{"left", simple + "left='='\n", "key_=abcd", ""},
		{"left, another byte", simple + "left='-'\n", "key_=abcd", "abcd"},
		{"right", simple + "right='a-z'\n", "key_=abcde", ""},
		{"right, another byte", simple + "right='a-z'\n", "key_=abcd0", "abcd"},
		{"right, at the end", simple + "right='a-z'\n", "key_=abcd", "abcd"},
		{"left, at the start", "keywords=['key_']\nregex='key_'\nleft='a-z'\n", "key_", "key_"},
		{"left, in a word", "keywords=['key_']\nregex='key_'\nleft='a-z'\n", "akey_", ""},
		{"tail", simple + "tail='0-9'\n", "key_=abcd12.3", "abcd12"},
		{"tail, not at the end of the match", "keywords=['key_']\nregex='key_([a-z]{4});'\ntail='0-9'\n", "key_abcd;12", "abcd"},
		{"before", "keywords=['key_']\nbefore=3\nregex='[0-9]{1,3}key_'\n", "a123key_", "123key_"},
		{"not so much before", "keywords=['key_']\nbefore=2\nregex='[0-9]{1,3}key_'\n", "a123key_", "23key_"},
		{"an earlier match", "keywords=['key_']\nbefore=5\nregex='[0-9](?:x|key_)'\n", "1x.2key_", "2key_"},
		{"a later match", "keywords=['key_']\nbefore=1\nregex='[0-9]{2}'\n", "akey_12", ""},
		{"entropy", simple + "entropy=2\n", "key_=abcd", "abcd"},
		{"unless, elsewhere", simple + "unless='foo'\n", "foo\nkey_=abcd", "abcd"},
		{"hex", "keywords=['key_']\nregex='key_([0-9a-f]{8})'\ndecode='hex'\nvalue='a.'\n", "key_" + hex.EncodeToString([]byte("xabx")), "ab"},
		{"hex, a group", "keywords=['key_']\nregex='key_([0-9a-f]{8})'\ndecode='hex'\nvalue='a(.)'\n", "key_" + hex.EncodeToString([]byte("xabx")), "b"},
		{"hex, no value", "keywords=['key_']\nregex='key_([0-9a-f]{8})'\ndecode='hex'\nvalue='c.'\n", "key_" + hex.EncodeToString([]byte("xabx")), ""},
		{"bad hex", "keywords=['key_']\nregex='key_([0-9a-z]{8})'\ndecode='hex'\nvalue='.'\n", "key_zzzzzzzz", ""},
		{"base64", "keywords=['key_']\nregex='key_([0-9a-zA-Z]{4})'\ndecode='base64'\nvalue='a.'\n", "key_YWJj", "ab"},
	} {
		m, ok := compiledRule(t, c.rule).MatchAt([]byte(c.text), strings.Index(c.text, "key_"))
		if ok != (c.value != "") || ok && (string(m.Value) != c.value || !m.Drop.IsZero() || !m.Alone || m.Confidence != Sure) {
			t.Errorf("%s: got %q, %v, %+v", c.name, m.Value, ok, m)
		}
	}
}

func TestDropsOfARule(t *testing.T) {
	const simple = "keywords=['key_']\nregex='key_=?([a-z]{4})'\n"
	for _, c := range []struct{ name, rule, text, want string }{
		{"entropy too low", simple + "entropy=2.1\n", "key_=abcd", "entropy too low for a random secret"},
		{"unless", simple + "unless='foo'\n", "foo key_=abcd", "named after another service"},
		{"unless at the end", simple + "unless='foo.{0,6}$'\n", "foo key_=abcd", "named after another service"},
		{"unless too far from the end", simple + "unless='foo.{0,6}$'\n", "foo  key_=abcd", ""},
		{"the first check that drops", simple + "checks=['not-jwt', 'not-plain-words', 'not-hex']\n", "key_=abcd", "plain words"},
	} {
		m, ok := compiledRule(t, c.rule).MatchAt([]byte(c.text), strings.Index(c.text, "key_"))
		if !ok || m.Drop.Text != c.want {
			t.Errorf("%s: got %v, %q", c.name, ok, m.Drop.Text)
		}
	}
}

func TestConfidence(t *testing.T) {
	const names = "names='n'\n"
	const vocabulary = "[[names]]\nid='n'\nown=['own']\nlike=['like']\nothers=['other']\nplain=['key']\n"
	for _, c := range []struct {
		name, rule, before string
		want               Confidence
		alone              bool
	}{
		{"no conditions", "", "", Sure, true},
		{"sure", "sure='yes'\n", "yes ", Sure, true},
		{"not sure", "sure='yes'\n", "no ", Likely, true},
		{"not sure by the value", "sure='abcd'\n", "", Likely, true},
		{"sure, far from the start", "sure='yes'\n", strings.Repeat(" ", contextReach+9) + "yes ", Sure, true},
		{"sure too far before", "sure='yes'\n", "yes" + strings.Repeat(" ", contextReach), Likely, true},
		{"context before", "context='aws'\n", "aws ", Sure, true},
		{"no context", "context='aws'\n", "", Unsure, false},
		{"the nearest context", "context='aws'\n", "aws" + strings.Repeat(" ", contextReach-3), Sure, true},
		{"context too far", "context='aws'\n", "aws" + strings.Repeat(" ", contextReach-2), Unsure, false},
		{"another owner", names, "other_", Unsure, false},
		{"an unknown word", names, "foo_", Unsure, false},
		{"no words", names, "", Sure, true},
		{"a fitting word without context", names + "context='aws'\n", "like_", Sure, true},
		{"the owner without context", names + "context='aws'\n", "own_", Sure, true},
		{"no words without context", names + "context='aws'\n", "", Unsure, false},
	} {
		rule := "kind='secret_access_key'\nkeywords=['key_']\nregex='key_=?([a-z]{4})'\n" + c.rule
		if strings.Contains(c.rule, names) {
			rule += vocabulary
		}
		text := c.before + "key_=abcd"
		m, ok := compiledRule(t, rule).MatchAt([]byte(text), len(c.before))
		if !ok || m.Confidence != c.want || m.Alone != c.alone || (m.Doubt != "") != (c.want == Unsure && (c.before == "other_" || c.before == "foo_")) {
			t.Errorf("%s: got %v, %s, alone %v, doubt %q", c.name, ok, m.Confidence, m.Alone, m.Doubt)
		}
	}
	rule := compiledRule(t, "kind='api_key'\nkeywords=['key_']\nregex='key_=?([a-z]{4})'\n"+names+vocabulary)
	if m, _ := rule.MatchAt([]byte("other_key_=abcd"), 6); m.Confidence != Sure || !m.Alone {
		t.Errorf("another kind than a secret key: got %+v", m)
	}
	rule = compiledRule(t, "keywords=['key_']\nregex='key_=?([a-z]{4})'\ncontext='aws'\n")
	for after, want := range map[int]Confidence{contextAfter - 3: Sure, contextAfter - 2: Unsure} {
		if m, _ := rule.MatchAt([]byte("key_=abcd"+strings.Repeat(" ", after)+"aws"), 0); m.Confidence != want {
			t.Errorf("context %d bytes after: got %s", after, m.Confidence)
		}
	}
}

func TestMatchAtReportsItsReach(t *testing.T) {
	group := "keywords=['key_']\nregex='key_[^;]{0,9}=([a-z]{4})'\n"
	only := "keywords=['key_']\nregex='key_[a-z]{4}'\nleft='a-z'\n"
	for _, c := range []struct {
		name, rule, text     string
		at                   int
		before, after, tried int
	}{
		{"no match", group, "key_ abcd", 0, 0, 46, 9},
		{"a line feed is in reach", "keywords=['key_']\nregex='key_[^\\n]{0,9}=([a-z]{4})'\n", "key_ \nabcd", 0, 0, 6, 6},
		{"a match", group, "key_=abcd", 0, surroundBefore, 9 + surroundAfter, 9},
		{"a match with bytes before", "keywords=['key_']\nbefore=2\nregex='([0-9]{2})key_'\n", "12key_", 2, surroundBefore + 2, surroundAfter, 6},
		{"no match with bytes before", "keywords=['key_']\nbefore=2\nregex='([0-9]{2})key_'\n", "xxkey_", 2, 2, 7, 6},
		{"a word continues", only, "xkey_abcd", 1, leftReach, 0, 0},
		{"the secret is all of a match", only, "=key_abc", 1, leftReach, 9, 7},
	} {
		m, _ := compiledRule(t, c.rule).MatchAt([]byte(c.text), c.at)
		if got := []int{m.Before, m.After, m.Tried}; !slices.Equal(got, []int{c.before, c.after, c.tried}) {
			t.Errorf("%s: got %v, want %v", c.name, got, []int{c.before, c.after, c.tried})
		}
	}
	r := compiledRule(t, only)
	if before, ok := r.MayMatchAt([]byte("xkey_"), 1); ok || before != leftReach {
		t.Errorf("inside a word: got %d, %v", before, ok)
	}
	if before, ok := r.MayMatchAt([]byte("=key_"), 1); !ok || before != 0 {
		t.Errorf("at the start of a word: got %d, %v", before, ok)
	}
	if before, after := r.Reach(); before != surroundBefore || after != 8+1+surroundAfter {
		t.Errorf("reach of %d and %d bytes", before, after)
	}
	if before, after := compiledRule(t, only+"tail='a'\nbefore=5\n").Reach(); before != 5+surroundBefore || after != 8+1+maxTail+surroundAfter {
		t.Errorf("reach with a tail of %d and %d bytes", before, after)
	}
}

func TestMatchNear(t *testing.T) {
	const near = "near={kind='access_key_id'}\nkind='secret_access_key'\n"
	const fixed = near + "regex='[a-z]{8}'\nright='a-z'\n"
	id := akia + "QNZGKIQY56JQ7WML"
	for _, c := range []struct {
		name, rule, text string
		want             []string
	}{
		{"two", fixed, "= abcdefgh; ijklmnop", []string{"abcdefgh", "ijklmnop"}},
		{"too short", fixed, "abcdefg", nil},
		{"too long", fixed, "abcdefghi", nil},
		{"after an escape of one byte", fixed + "left='a-z'\n", `\nabcdefgh`, []string{"abcdefgh"}},
		{"after an ID and a slash", near + "regex='[a-zA-Z0-9/]{8}'\nright='a-zA-Z0-9/'\nleft='a-zA-Z0-9/'\n", id + "/abcdefgh", []string{"abcdefgh"}},
		{"not after a byte of the word", fixed, "xabcdefgh", nil},
		{"a long run with a tail", near + "regex='[a-z]{8}'\ntail='a-z'\n", "abcdefghijkl", []string{"abcdefghijkl"}},
		{"a long run with any byte after it", near + "regex='[a-z]{8}'\n", "abcdefghi", []string{"abcdefgh"}},
		{"starts before the end only", fixed, "....................abcdefgh........abcdefgh", []string{"abcdefgh"}},
	} {
		var got []string
		matches, _ := compiledRule(t, c.rule).MatchNear([]byte(c.text), 0, min(len(c.text), 25))
		for _, m := range matches {
			got = append(got, string(m.Value))
			if m.Alone {
				t.Errorf("%s: a secret key is reported alone", c.name)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
	for kind, alone := range map[string]bool{"secret_access_key": false, "session_token": false, "api_key": true} {
		rule := compiledRule(t, "near={kind='access_key_id'}\nregex='[a-z]{8}'\nkind='"+kind+"'\n")
		if got, _ := rule.MatchNear([]byte("abcdefgh"), 0, 8); len(got) != 1 || got[0].Alone != alone {
			t.Errorf("%s: got %+v", kind, got)
		}
	}
}

// TestMatchNearInPieces: a search that continues where another ended finds the same as one
// search.
func TestMatchNearInPieces(t *testing.T) {
	rule := compiledRule(t, "near={kind='access_key_id'}\nkind='secret_access_key'\nregex='[a-z]{8}'\n")
	text := []byte(`= abcdefgh, ijklmnopq;rstuvw xyzabcde\nfghijklm`)
	whole, end := rule.MatchNear(text, 0, len(text))
	if len(whole) != 4 || end != len(text) {
		t.Fatalf("%d matches up to %d", len(whole), end)
	}
	for at := range len(text) {
		first, next := rule.MatchNear(text, 0, at)
		rest, end := rule.MatchNear(text, next, len(text))
		if got := append(first, rest...); !reflect.DeepEqual(got, whole) || next < at || end != len(text) {
			t.Errorf("in two pieces at %d and %d: %+v", at, next, got)
		}
	}
	if got, next := rule.MatchNear(text, 9, 4); got != nil || next != 9 {
		t.Errorf("an empty range: %+v up to %d", got, next)
	}
}

func TestMatchFile(t *testing.T) {
	const rule = "paths=['a.key']\nregex='(?:k=([a-z]{4})|v=([0-9]{4}))'\nchecks=['not-plain-words']\n"
	for _, c := range []struct{ name, text, want string }{
		{"the first group", "k=zzAA v=1234", "1234"},
		{"the second match, as a check drops the first", "k=abcd v=1234", "1234"},
		{"nothing", "k=abcd", ""},
		{"at the end of the read bytes", strings.Repeat(" ", FileReach-6) + "v=1234", "1234"},
		{"past the read bytes", strings.Repeat(" ", FileReach-5) + "v=1234", ""},
	} {
		m, ok := compiledRule(t, rule).MatchFile([]byte(c.text))
		if ok != (c.want != "") || string(m.Value) != c.want {
			t.Errorf("%s: got %q, %v", c.name, m.Value, ok)
		}
	}
	if m, ok := compiledRule(t, "paths=['a.key']\nregex='k=([a-z]{4})'\n").MatchFile([]byte("k=abcd")); !ok || string(m.Value) != "abcd" {
		t.Errorf("one group: got %q, %v", m.Value, ok)
	}
	if m, ok := compiledRule(t, "paths=['a.key']\nregex='([a-z]{4})=|v=([0-9]{4})'\n").MatchFile([]byte("abcd=")); !ok || string(m.Value) != "abcd" {
		t.Errorf("a group at the start: got %q, %v", m.Value, ok)
	}
}
