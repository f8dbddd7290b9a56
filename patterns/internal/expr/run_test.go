package expr

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
		{`key[A-Z]{20}`, 20, unbounded, 0}, // may extend past the match
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
			t.Errorf("%s: %d to %d bytes, %d after; want %d to %d, %d", c.expr, got.least, got.most, got.rest, c.least, c.most, c.rest)
		}
	}
}

// TestTerminators: a run is in a match only if the byte after it may end it.
func TestTerminators(t *testing.T) {
	for _, c := range []struct{ expr, ends, extends string }{
		{`key=([A-Z]{20})["'x]`, `"'x`, "Aaz= "},
		{`key=([A-Z]{20})(?:[^A-Z=]|$)`, "a \"\n\xc3", "A="},
		{`key=([0-9]{20})(?i:end)`, "eE", "nx "},
		{`key=([A-Z]{20})-?;`, "-;", "x "},
		{`key=([A-Z]{20})(?:;|=|%20)`, ";=%", "x2"},
		{`key=([A-Z]{20})(?:[a-z]{2}|-)`, "a-", "; "},
		{`key=([A-Z]{20})`, "; A", ""},          // nothing is required after it
		{`key=([A-Z]{20})[a-z]?`, "; A", ""},    // also optional
		{`key=([A-Z]{20,30})[A-Z;]`, "; A", ""}, // the run may be longer
	} {
		re, err := syntax.Parse(c.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		next := requiredRun(re, nil, nil).next
		for _, b := range []byte(c.ends) {
			if next != nil && !next.has(b) {
				t.Errorf("%s: %q does not end it", c.expr, b)
			}
		}
		for _, b := range []byte(c.extends) {
			if next == nil || next.has(b) {
				t.Errorf("%s: %q ends it", c.expr, b)
			}
		}
		if c.extends == "" && next != nil {
			t.Errorf("%s: only %x ends it", c.expr, *next)
		}
	}
}

// FuzzRequiredRun: a match of a rule contains the required run, and at most the announced
// bytes after it and line feeds.
func FuzzRequiredRun(f *testing.F) {
	exprs := ruleExprs(f, "regex")
	f.Add(uint8(1), `secret = "0123456789012345678901234567890123456789"`)
	f.Add(uint8(1), "secret\n\n default 01234567890123456789012345678901234567890\n")
	f.Add(uint8(7), "IQoJb3JpZ2lu"+strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, rule uint8, text string) {
		expr := exprs[int(rule)%len(exprs)]
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		loc := regexp.MustCompile(expr).FindStringIndex(text)
		if loc == nil {
			return
		}
		match := text[loc[0]:loc[1]]
		if n := strings.Count(match, "\n"); n > maxLineFeeds(tree) {
			t.Errorf("%s: %d line feeds in %q", expr, n, match)
		}
		run := requiredRun(tree, nil, nil)
		if run.least == 0 {
			return
		}
		end, ok := run.lastEnd([]byte(text), loc[0], loc[1])
		if !ok || end+run.rest < loc[1] {
			t.Errorf("%s: run that ends at %d, %v, in %q", expr, end-loc[0], ok, match)
		}
	})
}

func TestLastEnd(t *testing.T) {
	for _, c := range []struct {
		expr, text string
		from, to   int
		last       int
		ok         bool
	}{
		{`=[A-Z]{3}[;$]`, "=ABC;", 0, 5, 4, true},
		{`=[A-Z]{3}[;$]`, "=ABC;=DEF$", 0, 10, 9, true},
		{`=[A-Z]{3}[;$]`, "=ABC;=DEF$", 0, 4, 4, true}, // the second run starts after to
		{`=[A-Z]{3}[;$]`, "=ABC;=DEF.", 0, 10, 4, true},
		{`=[A-Z]{3}[;$]`, "=ABC;=DEFG;", 0, 11, 4, true}, // too long
		{`=[A-Z]{3}[;$]`, "=ABC", 0, 4, 4, true},
		{`=[A-Z]{3}[;$]`, "=ABC.", 0, 5, 0, false},
		{`=[A-Z]{3}[;$]`, "=ABCD", 0, 5, 0, false},
		{`=[A-Z]{3}[;$]`, "=AB;", 0, 4, 0, false},
		{`=[A-Z]{3,5}(?:;|$)`, "=ABCDE;", 0, 7, 6, true},
		{`=[A-Z]{3,5}(?:;|$)`, "=ABCDEF;", 0, 8, 0, false},
		{`=[A-Z]{3}`, "=" + strings.Repeat("A", 5000), 0, 5001, 5001, true},
	} {
		r := requiredRun(tree(t, c.expr), nil, nil)
		if last, ok := r.lastEnd([]byte(c.text), c.from, c.to); last != c.last || ok != c.ok {
			t.Errorf("%s in %.20q: got %d, %v, want %d, %v", c.expr, c.text, last, ok, c.last, c.ok)
		}
	}
}
