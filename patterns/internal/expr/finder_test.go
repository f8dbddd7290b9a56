package expr

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func TestRequiredWordSets(t *testing.T) {
	for _, c := range []struct {
		expr string
		want [][]string
	}{
		{`(?i)(?:github|session.?secret)[\w.-]{0,30}\z`, [][]string{{"github"}, {"session", "secret"}}},
		{`\bgs_(?:key)?`, [][]string{{"gs"}}},
		{`AWS|[0-9]{3}`, nil}, // or digits
		{`s3`, [][]string{{"s3"}}},
		{`_s3-`, [][]string{{"s3"}}},
		{strings.Repeat("(?:ab|xy)", 7), [][]string{}}, // of at most maxWordSets sets
	} {
		tree, err := syntax.Parse(c.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		got := requiredWordSets(tree)
		if c.want != nil && len(c.want) == 0 {
			if len(got) == 0 || len(got) > maxWordSets {
				t.Errorf("%s: %d sets", c.expr, len(got))
			}
			continue
		}
		if !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: got %q, want %q", c.expr, got, c.want)
		}
	}
}

// FuzzFinder compares Finders with their expressions.
func FuzzFinder(f *testing.F) {
	exprs := ruleExprs(f, "context", "sure", "unless")
	for _, text := range []string{"my AWS key", "access-Key", "a_s3 b", "github_x = '", "\u017fe\u017f aw\u017f", "ro\x15te53"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, expr := range exprs {
			find, err := NewFinder(expr)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := find.In(text), regexp.MustCompile(expr).Match(text); got != want {
				t.Errorf("%s: got %v, want %v in %q", expr, got, want, text)
			}
		}
	})
}
