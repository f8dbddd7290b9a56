package patterns

import (
	"regexp/syntax"
	"slices"
	"testing"
)

func TestBranches(t *testing.T) {
	split := func(expr string) []branch {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		return branches(tree)
	}
	ways := split(`key(?:.{0,9}|.{0,9}\n.{0,9}(?i:value|default)=)([0-9a-f]{32})`)
	if len(ways) != 2 || ways[0].lineFeeds != 0 || ways[0].words != nil || ways[1].lineFeeds != 1 || !slices.Equal(ways[1].words, []string{"value", "default"}) {
		t.Fatalf("got %+v", ways)
	}
	if got := split(`key(?:.{0,9}\n.{0,9}(?i:value|default)=|.{0,9})([0-9a-f]{32})`); len(got) != 2 {
		t.Errorf("in another order: got %+v", got)
	}
	if got := split(`key.{0,9}([0-9a-f]{32})(?:[^0-9a-f]|$)`); got != nil {
		t.Errorf("nothing rules out that a line ends behind the run: got %+v", got)
	}
	if got := split(`ke?y(?:.{0,9}|.{0,9}\n.{0,9}(?i:value)=)([0-9a-f]{32})`); got != nil {
		t.Errorf("what stands before may match in two ways: got %+v", got)
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
		for i := range ways {
			if _, _, ok := ways[i].end([]byte(c.text), 0, 0); ok != c.want[i] {
				t.Errorf("way %d of %q: got %v", i, c.text, ok)
			}
			if ok := ways[i].regex().MatchString(c.text); ok != c.want[i] {
				t.Errorf("way %d alone matches %q: got %v", i, c.text, ok)
			}
		}
	}
}
