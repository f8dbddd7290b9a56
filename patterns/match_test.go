package patterns

import "testing"

func TestEscapeEndsAt(t *testing.T) {
	for _, c := range []struct {
		before string
		want   bool
	}{
		{`\n`, true}, {`%3D`, true}, {`\x3d`, true}, {`\u003D`, true}, {`\075`, true}, {"\x1b[1;31m", true}, {"\x1b[m", true},
		{`n`, false}, {`3D`, false}, {`xy`, false}, {``, false}, {`[1;31m`, false},
	} {
		text := []byte(c.before + "AKIA")
		if got := escapeEndsAt(text, len(c.before)); got != c.want {
			t.Errorf("%q: got %v", c.before, got)
		}
	}
}
