package patterns

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
)

func TestRequiredRun(t *testing.T) {
	for _, c := range []struct {
		expr              string
		least, most, rest int
	}{
		{`key`, 0, 0, 0},
		{`key[A-Z]{20}`, 20, unbounded, 0}, // and on into the text
		{`key[A-Z]{20}(?:[^A-Z]|$)`, 20, unbounded, 4},
		{`key=([A-Z]{20})(?:[^A-Z]|$)`, 20, 20, 4},
		{`key=([A-Z]{20,30})(?:[^A-Z]|$)`, 20, 30, 4},
		{`key=A?([A-Z]{20})(?:B|CD?|;)?;`, 20, 23, 3},
		{`key(?:=|%[0-9A-F]{2}|\\u)[A-Z]{20}=`, 20, 22, 1},
		{`key[^a-z]{0,9}=[A-Z]{20}[^A-Z]`, 20, 20, 4},
		{`key=(?:[A-Z]{20}|[a-z]{30})`, 0, 0, 0},
		{`=[A-Z]{20}$`, 20, 20, 0},
		{`[A-Z]{5}-[a-z]{20}-[A-Z]{5}`, 20, 20, 6},
	} {
		re, err := syntax.Parse(c.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := requiredRun(re, nil, nil); got.least != c.least || got.most != c.most || got.rest != c.rest {
			t.Errorf("%s: %d to %d bytes, %d behind; want %d to %d, %d", c.expr, got.least, got.most, got.rest, c.least, c.most, c.rest)
		}
	}
}

// TestTerminators: a row is one of a match only if what stands behind it may end it.
func TestTerminators(t *testing.T) {
	for _, c := range []struct{ expr, ends, goesOn string }{
		{`key=([A-Z]{20})["'x]`, `"'x`, "Aaz= "},
		{`key=([A-Z]{20})(?:[^A-Z=]|$)`, "a \"\n\xc3", "A="},
		{`key=([0-9]{20})(?i:end)`, "eE", "nx "},
		{`key=([A-Z]{20})-?;`, "-;", "x "},
		{`key=([A-Z]{20})(?:;|=|%20)`, ";=%", "x2"},
		{`key=([A-Z]{20})(?:[a-z]{2}|-)`, "a-", "; "},
		{`key=([A-Z]{20})`, "; A", ""},          // nothing need follow
		{`key=([A-Z]{20})[a-z]?`, "; A", ""},    // nor here
		{`key=([A-Z]{20,30})[A-Z;]`, "; A", ""}, // the row may go on
	} {
		re, err := syntax.Parse(c.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		next := requiredRun(re, nil, nil).next
		for _, b := range []byte(c.ends) {
			if next != nil && !next.Has(b) {
				t.Errorf("%s: %q does not end it", c.expr, b)
			}
		}
		for _, b := range []byte(c.goesOn) {
			if next == nil || next.Has(b) {
				t.Errorf("%s: %q ends it", c.expr, b)
			}
		}
		if c.goesOn == "" && next != nil {
			t.Errorf("%s: only %s ends it", c.expr, next)
		}
	}
}

// FuzzRequiredRun: where a rule's expression matches, the run that it requires
// is there, no more is behind it than announced, and no line feed too many.
func FuzzRequiredRun(f *testing.F) {
	file, err := builtinFile()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint8(1), `secret = "0123456789012345678901234567890123456789"`)
	f.Add(uint8(1), "secret\n\n default 01234567890123456789012345678901234567890\n")
	f.Add(uint8(7), "IQoJb3JpZ2lu"+strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, rule uint8, text string) {
		r := file.Rules[int(rule)%len(file.Rules)]
		tree, err := syntax.Parse(r.Regex, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		loc := regexp.MustCompile(r.Regex).FindStringIndex(text)
		if loc == nil {
			return
		}
		match := text[loc[0]:loc[1]]
		if n := strings.Count(match, "\n"); n > maxLineFeeds(tree) {
			t.Errorf("%s: %d line feeds in %q", r.ID, n, match)
		}
		run := requiredRun(tree, nil, nil)
		if run.least == 0 {
			return
		}
		end, ok := run.lastEnd([]byte(text), loc[0], loc[1])
		if !ok || end+run.rest < loc[1] {
			t.Errorf("%s: run that ends at %d, %v, in %q", r.ID, end-loc[0], ok, match)
		}
	})
}
