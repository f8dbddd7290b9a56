package expr

import (
	"regexp/syntax"
	"strings"
	"testing"
)

func TestEdge(t *testing.T) {
	var c class
	c.addRange('1', '9')
	for _, e := range []struct {
		expr              string
		forward, backward int // -1: the whole match, and so any number of bytes
	}{
		{`12c`, 2, 0}, {`c12`, 0, 2}, {`12`, -1, -1}, {`ab`, 0, 0}, {`(?i)12`, -1, -1}, {`[1-3]`, -1, -1}, {`[1-c]`, -1, -1}, {`[a-c]`, 0, 0}, {`[a-z]?`, -1, -1}, {`1?b`, 1, 0}, {`b1?`, 0, 1},
		{`1{2,4}b`, 4, 0}, {`(?:11b){2,4}`, 2, 0}, {`(?:1b){0,3}`, -1, -1}, {`(?:1{3}|12)c`, 3, 0}, {`(?:1c|b)`, 1, 0}, {`(11)b`, 2, 0}, {`(?:[a-z]|2)c`, 1, 0},
		{`$`, 0, -1}, {`\b1\Bb`, 1, 0}, {`^b`, 0, 0}, {`(?m:^)b`, 0, 0}, {`(?m:$)b`, 0, 0}, {`.b`, unbounded, 0}, {``, -1, -1}, {`é`, 0, 0}, {`[é]`, 0, 0}, {`[^a]b`, 1, 0},
	} {
		list := []*syntax.Regexp{tree(t, e.expr)}
		for d, want := range map[direction]int{forward: e.forward, backward: e.backward} {
			if want < 0 {
				want = unbounded
			}
			if got := c.maxExtension(list, d); got != want {
				t.Errorf("%s, backward %v: got %d, want %d", e.expr, d, got, want)
			}
		}
	}
	both := []*syntax.Regexp{tree(t, `1`), tree(t, `2b`)}
	if f, b := c.maxExtension(both, forward), c.maxExtension(both, backward); f != 2 || b != 0 {
		t.Errorf("of two expressions: got %d, %d", f, b)
	}
}

func TestFirstBytes(t *testing.T) {
	for _, c := range []struct {
		expr string
		want string // of the bytes in question below
		ok   bool
	}{
		{`ab`, "a", true}, {`(?i)ab`, "aA", true}, {`(?i)k`, "kK\xe2", true}, {`[a-c]x`, "abc", true}, {`[é]`, "\xe2", true}, {`$`, "", true}, {`(a)`, "a", true}, {`a?b`, "ab", true}, {`a?`, "a", false},
		{`a{0,2}b`, "ab", true}, {`a{1,2}b`, "a", true}, {`a|b`, "ab", true}, {`(?:a|b?)k`, "abk"[:2], false}, {`(?:ab?|b)k`, "ab", true}, {`a?b?`, "ab", false}, {`\ba`, "", false}, {`a?\bb`, "a", false},
		{`(?:a?)?b`, "ab"[:1], false}, {``, "", false}, {`.`, "", false}, {`a?.`, "a", false},
	} {
		got, ok := firstBytes(tree(t, c.expr))
		if ok != c.ok {
			t.Errorf("%s: got %v", c.expr, ok)
		}
		for _, b := range []byte("abckKAx\xe2") {
			if want := strings.IndexByte(c.want, b) >= 0; ok && got.has(b) != want {
				t.Errorf("%s starts with %q: %v", c.expr, b, !want)
			}
		}
	}
}
