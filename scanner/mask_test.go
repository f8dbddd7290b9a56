package scanner

import (
	"strings"
	"testing"
)

// TestMaskRandom: a run of base64 is masked if it is long and has letters of both cases.
func TestMaskRandom(t *testing.T) {
	mixed := strings.Repeat("aB3/", 8)
	for _, c := range []struct{ name, text, want string }{
		{"a sentence", "Nothing in this line, or in the next one.", "Nothing in this line, or in the next one."},
		{"as long as a secret", "x = " + mixed + ";", "x = " + Mask + ";"},
		{"one byte shorter", "x = " + mixed[1:] + ";", "x = " + mixed[1:] + ";"},
		{"from end to end", mixed, Mask},
		{"twice", mixed + " " + mixed, Mask + " " + Mask},
		{"without capitals", strings.ToLower(mixed), strings.ToLower(mixed)},
		{"only capitals", strings.ToUpper(mixed), strings.ToUpper(mixed)},
		{"only digits", strings.Repeat("0", 40), strings.Repeat("0", 40)},
		{"the first and the last letters and digits", "AZaz09+/" + strings.Repeat("AZaz09+/", 3), Mask},
		{"interrupted", mixed[:16] + "-" + mixed[:16], mixed[:16] + "-" + mixed[:16]},
		{"a capital before the run", "A-" + strings.ToLower(mixed), "A-" + strings.ToLower(mixed)},
	} {
		if got := MaskRandom(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, c := range "@[`{:-_=,.*" {
		text := mixed[:16] + string(c) + mixed[:16]
		if got := MaskRandom(text); got != text {
			t.Errorf("%q is in a run: %q", c, got)
		}
	}
}
