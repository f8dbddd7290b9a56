package scanner_test

import (
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

func TestDecoding(t *testing.T) {
	for _, c := range []struct {
		decoding scanner.Decoding
		text     string
		outer    scanner.Encoding
	}{
		{scanner.Decoding{}, "", ""},
		{scanner.Decoding{Encodings: []scanner.Encoding{scanner.Base64, scanner.UTF16}}, "base64, utf-16", scanner.Base64},
		{scanner.Decoding{Member: "gzip, line 1"}, "gzip, line 1", ""},
		{scanner.Decoding{Member: "gzip, line 1", Encodings: []scanner.Encoding{scanner.UTF16LE}}, "gzip, line 1, utf-16le", ""},
	} {
		if got := c.decoding.String(); got != c.text || c.decoding.Outer() != c.outer || c.decoding.IsZero() != (c.text == "") {
			t.Errorf("%q: outer %q, zero %t", got, c.decoding.Outer(), c.decoding.IsZero())
		}
	}
}
