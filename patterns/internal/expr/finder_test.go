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

func TestSuffix(t *testing.T) {
	for expr, want := range map[string]int{
		`(?i:aws).{0,2}$`: 16, `(?-i:aws)\z`: 7, `a{46}$`: 50, `a{47}$`: 50, `aws`: 50, `a*$`: 50, `^aws$`: 50, `(?m:^)aws$`: 50, `\Aaws$`: 50, `aws$|x`: 50, ``: 50, `(?:^a|b)c$`: 50,
	} {
		f, err := NewFinder(expr)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Suffix(50); got != want {
			t.Errorf("%s: got %d, want %d", expr, got, want)
		}
	}
}

func TestFinder(t *testing.T) {
	for _, c := range []struct {
		expr, text string
	}{
		{`(?i)session.?secret|aws`, "my Session-Secret"}, {`(?i)session.?secret|aws`, "secret session"}, {`(?i)session.?secret|aws`, "AWS"}, {`(?i)session.?secret|aws`, "a w s"}, {`(?i)session.?secret|aws`, ""},
		{`[0-9]{3}`, "123"}, {`(?i)ses`, "\u017fe\u017f"}, {`(?i)ses`, "\x7f"}, {`a[^a]b`, "a\x80b"}, {``, ""},
	} {
		f, err := NewFinder(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := f.In([]byte(c.text)), regexp.MustCompile(c.expr).MatchString(c.text); got != want {
			t.Errorf("%s in %q: got %v", c.expr, c.text, got)
		}
	}
	for text, want := range map[string]bool{"": true, "a\x7f": true, "a\x80": false, "\xffa": false} {
		if got := isASCII([]byte(text)); got != want {
			t.Errorf("%q is ASCII: %v", text, got)
		}
	}
}
