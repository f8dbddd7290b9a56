package expr

import (
	"testing"
)

func TestEndOfLines(t *testing.T) {
	for _, c := range []struct {
		text     string
		from, to int
		n, at    int
		ok       bool
	}{
		{"ab\ncd\ne", 0, 7, 0, 2, true}, {"ab\ncd\ne", 0, 7, 1, 5, true}, {"ab\ncd\ne", 0, 7, 2, 7, false}, {"ab\ncd\ne", 3, 7, 0, 5, true}, {"ab\ncd\ne", 3, 5, 0, 5, false}, {"\n", 0, 1, 0, 0, true},
	} {
		if at, ok := endOfLines([]byte(c.text), c.from, c.to, c.n); at != c.at || ok != c.ok {
			t.Errorf("%q[%d:%d], %d: got %d, %v", c.text, c.from, c.to, c.n, at, ok)
		}
	}
}

func TestLimitsEnd(t *testing.T) {
	l := newLimits(tree(t, `key=([A-Z]{10,12})[;.]{0,3}`))
	words := l
	words.words = []string{"foo", "bar"}
	for _, c := range []struct {
		name       string
		limits     limits
		text       string
		end, after int
		ok         bool
	}{
		{"one byte more than a match", l, "key=ABCDEFGHIJKL;;;;;;", 20, 20, true},
		{"the end of the text", l, "key=ABCDEFGHIJKL", 16, 20, true},
		{"a line feed", l, "key=ABCDEFGHIJ\nx", 15, 15, true},
		{"no run", l, "key=ABCDEFGHI;", 0, 20, false},
		{"the rest after a run", l, "key=ABCDEFGHIJ.........", 18, 20, true},
		{"a run that starts too late", l, "key=.......ABCDEFGHIJ", 0, 20, false},
		{"a word", words, "key=ABCDEFGHIJKL;BAR;;", 0, 20, false},
		{"a word in reach", words, "key=FOOABCDEFGHI;;;;", 20, 20, true},
	} {
		end, after, ok := c.limits.end([]byte(c.text), 0, 0)
		if end != c.end || after != c.after || ok != c.ok {
			t.Errorf("%s: got %d, %d, %v", c.name, end, after, ok)
		}
	}
	short := newLimits(tree(t, `k[A-Z]{8}`)) // not rare
	if _, _, ok := short.end([]byte("k"), 0, 0); !ok {
		t.Error("a run of rareRun bytes is searched")
	}
	if _, _, ok := (&limits{length: 20, run: requiredRun(tree(t, `[A-Z]{9}`), nil, nil)}).end([]byte("k"), 0, 0); ok {
		t.Error("a run of more than rareRun bytes is not searched")
	}
}
