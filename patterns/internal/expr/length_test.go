package expr

import (
	"testing"
)

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		expr              string
		length, lineFeeds int
	}{
		{`abc`, 3, 0}, {`a\n\nb`, 4, 2}, {`é`, 2, 0}, {`(?i)k`, 3, 0}, {`(?i)as`, 3, 0}, {`ks`, 2, 0}, {`[a-z]`, 1, 0}, {`[a-é]`, 2, 0}, {`[^a]`, 4, 1}, {`[\t-\r]`, 1, 1}, {`[\n]`, 1, 1}, {`[\v-z]`, 1, 0},
		{`[\x00-\n]`, 1, 1}, {`[\x00-\t]`, 1, 0}, {`.`, 4, 0}, {`(?s:.)`, 4, 1}, {`(?s:.){3}`, 12, 3}, {`a{2,5}`, 5, 0}, {`\n{2,5}`, 5, 5}, {`(?:ab|c\n|\n\n\n)`, 3, 3}, {`(?:abcd|\n)x`, 5, 1},
		{`a?`, 1, 0}, {`(\n)?`, 1, 1}, {`^a\b$`, 1, 0}, {``, 0, 0}, {`[\x{10000}]`, 4, 0},
	} {
		re := tree(t, c.expr)
		if n, ok := maxLen(re); n != c.length || !ok {
			t.Errorf("%s: %d bytes, %v, want %d", c.expr, n, ok, c.length)
		}
		if n := maxLineFeeds(re); n != c.lineFeeds {
			t.Errorf("%s: %d line feeds, want %d", c.expr, n, c.lineFeeds)
		}
	}
}
