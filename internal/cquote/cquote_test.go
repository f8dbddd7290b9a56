package cquote_test

import (
	"testing"

	"github.com/keyguard/keyguard/internal/cquote"
)

func TestQuote(t *testing.T) {
	for _, c := range []struct{ name, plain, quoted string }{
		{"plain", "a b/c.go", "a b/c.go"},
		{"accents", "é.txt", "é.txt"},
		{"quote and backslash", `a"b\c`, `"a\"b\\c"`},
		{"controls", "a\nb\x1b[31m", `"a\nb\033[31m"`},
		{"not UTF-8", "a\xffb", `"a\377b"`},
		{"text direction override", "a\u202eb", `"a\342\200\256b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cquote.Quote(c.plain); got != c.quoted {
				t.Errorf("got %s, want %s", got, c.quoted)
			}
		})
	}
}

func FuzzQuoteThenUnquote(f *testing.F) {
	f.Add("a\"\n\xff\\")
	f.Fuzz(func(t *testing.T, s string) {
		q := cquote.Quote(s)
		if q == s {
			return
		}
		if got, rest, ok := cquote.Unquote(q + "x"); !ok || got != s || rest != "x" {
			t.Errorf("%q became %s, then %q, %q, %v", s, q, got, rest, ok)
		}
	})
}
