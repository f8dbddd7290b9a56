package scanner

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// TestEncodedWords: a rule lists the encodings of its keywords, or of other words, that make
// the scanner decode the text around them.
func TestEncodedWords(t *testing.T) {
	wide := func(text string, zeros int) string {
		return strings.Join(strings.Split(text, ""), strings.Repeat("\x00", zeros)) + strings.Repeat("\x00", zeros)
	}
	base := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	const secret = "acmek_0123456789abcdef"
	for _, c := range []struct {
		as   patterns.Encoding
		text string
	}{
		{patterns.AsBase64, base("key: " + secret)},
		{patterns.AsBase64Twice, base(base("the key: " + secret))},
		{patterns.AsBase64UTF16, base(wide("key "+secret, 1))},
		{patterns.AsUTF16, "\x01\x02\x03" + wide("a key "+secret, 1)},
		{patterns.AsUTF32, "\x01\x02\x03" + wide("a key "+secret, 3)},
		{patterns.AsHex, hex.EncodeToString([]byte("key " + secret))},
		{patterns.AsEscapes, strings.Join(strings.Split(fmt.Sprintf("% x", secret), " "), `\x`)},
	} {
		t.Run(string(c.as), func(t *testing.T) {
			if c.as == patterns.AsEscapes {
				c.text = `\x` + c.text
			}
			for _, e := range []struct {
				name    string
				encoded []patterns.Encoded
				want    int
			}{
				{"of the keywords", []patterns.Encoded{{As: []patterns.Encoding{c.as}}}, 1},
				{"of another word", []patterns.Encoded{{Words: []string{"zeta"}, As: []patterns.Encoding{c.as}}}, 0},
				{"of the word", []patterns.Encoded{{Words: []string{"zeta"}}, {Words: []string{"acmek"}, As: []patterns.Encoding{c.as, c.as}}}, 1},
				{"of no word", nil, 0},
			} {
				set, err := patterns.NewSet(&patterns.File{Rules: []*patterns.Rule{{
					ID: "acme-key", Kind: patterns.APIKey, Keywords: []string{"acmek_"}, Regex: "acmek_[0-9a-f]{16}", Encoded: e.encoded,
				}}})
				if err != nil {
					t.Fatal(err)
				}
				found := New(set, Options{}).ScanBytes([]byte(strings.Repeat("some text ", 20) + c.text + "\n"))
				if len(found) != e.want || e.want == 1 && found[0].Secret.Reveal() != secret {
					t.Errorf("%s: %d findings", e.name, len(found))
				}
			}
		})
	}
}
