package expr

import (
	"errors"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, expr string, anchored bool) *Bounded {
	t.Helper()
	b, err := Parse(expr, anchored)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tree(t *testing.T, expr string) *syntax.Regexp {
	t.Helper()
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	return re
}

func TestFind(t *testing.T) {
	const run = `key=([A-Z]{10})(?:[^A-Z]|$)`
	const split = `key(?:.{0,9}|.{0,9}\n.{0,9}(?i:value)=)([0-9a-f]{9})`
	for _, c := range []struct {
		name, expr string
		anchored   bool
		from       int
		text       string // the search is at @, which is removed
		want       []int
		cost       Cost
	}{
		{"anchored", `ab`, true, 1, "x@abx", []int{1, 3}, Cost{3, 3}},
		{"anchored, later", `ab`, true, 0, "@xab", nil, Cost{3, 3}},
		{"a group", `a(b)?(c)?`, true, 1, "x@abx", []int{1, 3, 2, 3, -1, -1}, Cost{4, 3}},
		{"before the offset", `[0-9]{2}key`, false, 0, "x12@key", []int{1, 6}, Cost{6, 6}},
		{"ends at the offset", `[0-9]{2}|x`, false, 0, "12@x", []int{2, 3}, Cost{3, 4}},
		{"starts after the offset", `[0-9]{2}`, false, 0, "a@a12", nil, Cost{3, 4}},
		{"an empty match first", `|xy`, false, 0, "a@xy", nil, Cost{3, 5}},
		{"nothing", `[0-9]{2}`, false, 0, "a@b", nil, Cost{3, 2}},
		{"a run", run, true, 0, "@key=ABCDEFGHIJ;", []int{0, 15, 4, 14}, Cost{19, 15}},
		{"a run at the end", run, true, 0, "@key=ABCDEFGHIJ", []int{0, 14, 4, 14}, Cost{19, 14}},
		{"no run", run, true, 0, "@key=ABCDEFGHI;", nil, Cost{19, 0}},
		{"a run that is too long", run, true, 0, "@key=ABCDEFGHIJK;", nil, Cost{19, 0}},
		{"a run in the next line", `key[^\n]([A-Z]{10})`, true, 0, "@key\nABCDEFGHIJ", nil, Cost{4, 0}},
		{"alternatives", split, true, 0, "@key: 123456789", []int{0, 14, 5, 14}, Cost{92, 14}},
		{"the second alternative", split, true, 0, "@key:\nvalue=123456789", []int{0, 20, 11, 20}, Cost{92, 20}},
		{"no alternative", split, true, 0, "@key:\nother=123456789", nil, Cost{92, 20}},
	} {
		at := strings.Index(c.text, "@")
		b := parse(t, c.expr, c.anchored)
		loc, cost := b.Find([]byte(strings.Replace(c.text, "@", "", 1)), c.from, at)
		if !slices.Equal(loc, c.want) || cost != c.cost {
			t.Errorf("%s: got %v, %v, want %v, %v", c.name, loc, cost, c.want, c.cost)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, expr := range []string{`a*`, `a+`, `a{2,}`, `(?:ab*)c`, `a|b+`, `(?:a*){3}`, `(a*)?`} {
		if _, err := Parse(expr, true); !errors.Is(err, ErrUnbounded) {
			t.Errorf("%s: got %v", expr, err)
		}
	}
	if _, err := Parse(`(`, true); err == nil || errors.Is(err, ErrUnbounded) {
		t.Errorf("a bad expression: got %v", err)
	}
	if _, err := Lazy(`(`); err == nil {
		t.Error("Lazy takes a bad expression")
	}
	if f, err := Lazy(`a.`); err != nil || f().String() != `a.` {
		t.Errorf("Lazy: got %v", err)
	}
	if _, err := NewFinder(`(`); err == nil {
		t.Error("NewFinder takes a bad expression")
	}
}

func TestBounded(t *testing.T) {
	b := parse(t, `=([a-z]{5,7})`, true)
	if b.MaxLen() != 8 || !b.HasGroup() || b.RunLen() != 5 || b.Regexp().String() != `\A(?:=([a-z]{5,7}))` {
		t.Errorf("got %d, %v, %d, %s", b.MaxLen(), b.HasGroup(), b.RunLen(), b.Regexp())
	}
	if b := parse(t, `=a`, false); b.MaxLen() != 2 || b.HasGroup() || b.RunLen() != 0 || b.Regexp().String() != `(?:=a)` {
		t.Errorf("got %d, %v, %d, %s", b.MaxLen(), b.HasGroup(), b.RunLen(), b.Regexp())
	}
	lower, digits := class{}, class{}
	lower.addRange('a', 'z')
	digits.addRange('0', '9')
	if !b.RunIsSubset(lower) || !b.RunIsSubset(lower.union(&digits)) || b.RunIsSubset(digits) {
		t.Error("RunIsSubset")
	}
	text := []byte("..=abcdefghij")
	if loc := b.FindAt(text, 2); !slices.Equal(loc, []int{2, 10, 3, 10}) {
		t.Errorf("FindAt: got %v", loc)
	}
	if loc := b.FindAt(text, 3); loc != nil {
		t.Errorf("FindAt: got %v", loc)
	}
	if start, end, ok := b.NextRun(text, 0, 4); start != 3 || end != 13 || !ok {
		t.Errorf("NextRun: got %d, %d, %v", start, end, ok)
	}
	if loc := parse(t, `a{3}$`, true).FindAt([]byte("aaaa"), 0); loc != nil {
		t.Errorf("an end that is not the end of the text: got %v", loc)
	}
}
