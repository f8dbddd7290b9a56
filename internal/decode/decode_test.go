package decode_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/decode"
)

func TestEscapes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "plain text", ""},
		{"percent", "a%2Fb%3d", "a/b="},
		{"slash in JSON", `a\/b`, "a/b"},
		{"JSON in JSON", `\"a\\\/b\"`, `"a/b"`},
		{"unicode", `a\u002Fb\u002b`, "a/b+"},
		{"hexadecimal and octal", `\x41\101`, "AA"},
		{"entities", "a&#x2F;b&#43;c&amp;", "a/b+c&"},
		{"quoted-printable", "a=2Fb", "a/b"},
		{"soft line break", strings.Repeat("a", 70) + "=\nb", strings.Repeat("a", 70) + "b"},
		{"padding at a line's end", "a=\nb", ""},
		{"literals joined by an operator", `"abc" + "def"`, `"abcdef"`},
		{"literals on two lines", "'abc'\n    'def'", "'abcdef'"},
		{"continued line", "abc\\\n  def", "abcdef"},
		{"a list is no concatenation", `"abc", "def"`, ""},
		{"an empty string", `x = "" y`, ""},
		{"bad escapes", `%zz \q &nosuch; \u12`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			view, ok := decode.Escapes([]byte(c.text), 0, len(c.text))
			if ok != (c.want != "") || ok && string(view.Text) != c.want {
				t.Errorf("got %q, %v, want %q", view.Text, ok, c.want)
			}
		})
	}
}

func TestSpanPointsIntoTheOriginal(t *testing.T) {
	text := []byte(`x = "ab%2Fcd"; y`)
	view, _ := decode.Escapes(text, 4, len(text))
	i := bytes.Index(view.Text, []byte("ab/cd"))
	if from, to := view.Span(i, i+5); string(text[from:to]) != "ab%2Fcd" {
		t.Errorf("got %q", text[from:to])
	}
}

func TestBase64FromAnyWordInIt(t *testing.T) {
	for _, prefix := range []string{"", "x", "xy", "xyz", "some longer text before "} {
		plain := prefix + "AKIA and what follows, which is long enough to be wrapped into lines: " + strings.Repeat("z", 100)
		whole := base64.StdEncoding.EncodeToString([]byte(plain))
		for name, enc := range map[string]string{
			"in one run":    whole,
			"in lines":      strings.Join(pieces(whole, 76), "\n  "),
			"in CRLF lines": strings.Join(pieces(whole, 64), "\r\n"),
			"escaped lines": strings.Join(pieces(whole, 64), `\n`),
		} {
			words, phases := decode.Base64Words("AKIA")
			found := false
			for i, w := range words {
				at := strings.Index(enc, w)
				if at < 0 {
					continue
				}
				view, ok := decode.Base64([]byte(": "+enc+" :"), at+2, phases[i])
				found = found || ok && string(view.Text) == plain
			}
			if !found {
				t.Errorf("%s, after %q: not decoded", name, prefix)
			}
		}
	}
}

func pieces(s string, n int) (out []string) {
	for len(s) > n {
		out, s = append(out, s[:n]), s[n:]
	}
	return append(out, s)
}

func TestHexAndUTF16(t *testing.T) {
	text := []byte("0x" + hex.EncodeToString([]byte("id AKIA")) + ";")
	if view, ok := decode.Hex(text, 2+6); !ok || !strings.HasSuffix(string(view.Text), "id AKIA") {
		t.Errorf("hex: got %q, %v", view.Text, ok)
	}
	wide := []byte("?A\x00K\x00I\x00A\x00\xe9\x01")
	if view, ok := decode.UTF16(wide, 1); !ok || string(view.Text) != "AKIA\xff" {
		t.Errorf("utf-16: got %q, %v", view.Text, ok)
	}
}

// FuzzDecoders: no decoder panics, whatever it yields lies in the text, and Broken
// goes by no more than BrokenBefore says.
func FuzzDecoders(f *testing.F) {
	f.Add([]byte(`"QUtJQ" + '%2F\u002f&#47;=\n`), 3)
	f.Add([]byte("414b4941"), 0)
	f.Add([]byte("key: "+strings.Repeat("a", 60)+"=\nb"), 15)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		if len(text) == 0 {
			return
		}
		at = int(uint(at) % uint(len(text)))
		views := make([]decode.View, 0, 7)
		for phase := range 4 {
			v, _ := decode.Base64(text, at, phase)
			views = append(views, v)
		}
		h, _ := decode.Hex(text, at)
		u, _ := decode.UTF16(text, at)
		e, _ := decode.Escapes(text, at, len(text))
		from := max(0, at-decode.BrokenBefore(text, at))
		broken := decode.Broken(text, starts(text, at), at, len(text), 16)
		if alone := decode.Broken(text[from:], starts(text[from:], at-from), at-from, len(text)-from, 16); (broken < 0) != (alone < 0) || broken >= 0 && broken != alone+from {
			t.Fatalf("broken at %d, without what is before %d at %d: %q from %d", broken, from, alone, text, at)
		}
		w, _ := decode.UTF32(text, at)
		for _, v := range append(views, h, u, e, w) {
			if len(v.Text) > 2*len(text)+64<<10 {
				t.Fatalf("%d bytes decoded to %d", len(text), len(v.Text))
			}
			for i := range v.Text {
				if from, to := v.Span(i, i+1); from < 0 || from > to || to > len(text) {
					t.Fatalf("byte %d of %q is at %d to %d of %d", i, v.Text, from, to, len(text))
				}
			}
		}
	})
}

// starts returns the offsets from at on at which an escape may start.
func starts(text []byte, at int) (out []int32) {
	for i := at; i < len(text); i++ {
		if decode.MayEscape(text[i]) {
			out = append(out, int32(i))
		}
	}
	return out
}
