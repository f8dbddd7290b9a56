package scanner

import (
	"strings"
	"testing"
)

// TestLastBreak: the last line break is found at any distance, also among other control
// characters.
func TestLastBreak(t *testing.T) {
	for _, breaks := range []string{"\n", "\r", "\t\n", "\x00\r\x1f", "\n\n"} {
		for before := range 20 {
			for after := range 20 {
				text := strings.Repeat("é ~", before) + breaks + strings.Repeat("é\x7f!", after)
				if got, want := lastBreak([]byte(text)), strings.LastIndexAny(text, "\r\n"); got != want {
					t.Errorf("%q: %d, want %d", text, got, want)
				}
			}
		}
	}
	for n := range 20 {
		if got := lastBreak([]byte(strings.Repeat("\t", n))); got != -1 {
			t.Errorf("%d tabs: %d", n, got)
		}
	}
}
