package expr

import (
	"regexp/syntax"
	"slices"
	"testing"
)

func TestAlternatives(t *testing.T) {
	split := func(expr string) []alternative {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		return alternatives(tree)
	}
	choices := split(`key(?:.{0,9}|.{0,9}\n.{0,9}(?i:value|default)=)([0-9a-f]{32})`)
	if len(choices) != 2 || choices[0].lineFeeds != 0 || choices[0].words != nil || choices[1].lineFeeds != 1 || !slices.Equal(choices[1].words, []string{"value", "default"}) {
		t.Fatalf("got %+v", choices)
	}
	if got := split(`key(?:.{0,9}\n.{0,9}(?i:value|default)=|.{0,9})([0-9a-f]{32})`); len(got) != 2 {
		t.Errorf("in another order: got %+v", got)
	}
	if got := split(`key.{0,9}([0-9a-f]{32})(?:[^0-9a-f]|$)`); got != nil {
		t.Errorf("a run that may contain a line feed: got %+v", got)
	}
	if got := split(`ke?y(?:.{0,9}|.{0,9}\n.{0,9}(?i:value)=)([0-9a-f]{32})`); got != nil {
		t.Errorf("an ambiguous part before the alternatives: got %+v", got)
	}
	const hash = "d41d8cd98f00b204e9800998ecf8427e"
	for _, c := range []struct {
		text string
		want [2]bool
	}{
		{"key: " + hash, [2]bool{true, false}},
		{"key:\n Value=" + hash, [2]bool{false, true}},
		{"key:\n other=" + hash, [2]bool{false, false}},
		{"key:\n\n value=" + hash, [2]bool{false, false}},
		{"key: " + hash[1:], [2]bool{false, false}},
	} {
		for i := range choices {
			if _, _, ok := choices[i].end([]byte(c.text), 0, 0); ok != c.want[i] {
				t.Errorf("alternative %d of %q: got %v", i, c.text, ok)
			}
			if ok := choices[i].regex().MatchString(c.text); ok != c.want[i] {
				t.Errorf("alternative %d alone matches %q: got %v", i, c.text, ok)
			}
		}
	}
}

func TestAmbiguous(t *testing.T) {
	for expr, want := range map[string]bool{
		`abc`: false, `[a-c]`: false, `a{3}`: false, `a{2,3}`: true, `(?:a?b){2}`: true, `ab[cd]e{2}`: false, `ab?c`: true, `(?:ab|cd)`: false, `(?:ab|[a-c])`: true, `(?:x|ab|cd|[d-f]{2})`: false,
		`(?:ab?|cd)`: true, `(?:a?|cd)`: true, `(a)`: true, `.`: true, `\b`: true,
	} {
		if got := ambiguous(tree(t, expr)); got != want {
			t.Errorf("%s: got %v", expr, got)
		}
	}
}

func TestAlternativesAreRare(t *testing.T) {
	for expr, want := range map[string]int{
		`key(?:.{0,9}|.{0,9}\n.{0,9}(?i:value))([0-9a-f]{32})`:                 2,
		`key(?:.{0,9}|.{0,9}\n.{0,9})([0-9a-f]{32})`:                           0, // no word
		`key(?:.{0,9}|.{0,9}(?i:value))([0-9a-f]{32})`:                         0, // as many lines
		`key(?:\n|\n(?i:value))([0-9a-f]{32})`:                                 0,
		`key(?:.{0,9}|(.{0,9})\n.{0,9}(?i:value))([0-9a-f]{32})`:               0, // a group
		`key(?:.{0,9}|.{0,9}\n.{0,9}(?i:value))([^a-f]{32})`:                   2, // beyond ASCII, so not a run
		`key(?:.{0,9}|.{0,9}\n.{0,9}(?i:value))([\n0-9a-f]{32})`:               0, // a run with line feeds
		`(?:.{0,9}|.{0,9}\n.{0,9}(?i:value))`:                                  0,
		`key(?:[ab]|c\n)d(?:.{0,9}|.{0,9}\n.{0,9}(?i:value))([0-9a-f]{32})`:    2, // the second
		`key(?:ab?|c)(?:.{0,9}|.{0,9}\n.{0,9}(?i:value))([0-9a-f]{32})`:        0, // after an ambiguous part
		`key(?:x|\ny|\n.{0,9}(?i:value)|.{0,9}\n\n(?i:default))([0-9a-f]{32})`: 3,
	} {
		if got := alternatives(tree(t, expr)); len(got) != want {
			t.Errorf("%s: got %d", expr, len(got))
		}
	}
}
