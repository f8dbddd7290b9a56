package scanner_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

// TestWideText: findings in UTF-16 and UTF-32 have the lines and columns of an editor,
// for either byte order.
func TestWideText(t *testing.T) {
	s := newScanner(t)
	far := strings.Repeat("plain text, for longer than a window\n", 20_000)
	for _, c := range []struct {
		name, text   string
		line, column int
	}{
		{"ASCII", "first\nkey={{akia#id}}\n", 2, 5},
		{"behind other letters", "ключ\nключ: {{akia#id}}\n", 2, 7},
		{"behind characters beyond 16 bits", "first line\n😀 {{akia#id}}\n", 2, 3},
		{"far from the beginning", far + "key={{akia#id}}", 20_001, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, as := range []string{"", "|utf16le", "|utf16be", "|bom|utf16le", "|utf32le", "|utf32be", "|bom|utf32le", "|bom|utf32be"} {
				if c.name == "behind other letters" && (as == "|utf16le" || as == "|utf16be") {
					continue // without a mark, zeros identify UTF-16
				}
				data := []byte(expand(t, "{{(}}"+c.text+"{{)"+as+"}}"))
				_, tracked := s.NewTracker(t.Context()).Scan(data, nil, nil)
				for how, found := range map[string][]scanner.Finding{"whole": s.ScanBytes(data), "read": s.ScanReader(bytes.NewReader(data)).Findings, "tracked": tracked.Findings} {
					if len(found) != 1 || found[0].Span.Line != c.line || found[0].Span.Column != c.column {
						t.Errorf("%s, %s: got %s, want %d:%d", as, how, describe(found), c.line, c.column)
					} else if from, want := found[0].DecodedFrom.String(), encoding(as); from != want {
						t.Errorf("%s, %s: decoded from %q, want %q", as, how, from, want)
					}
				}
			}
		})
	}
}

// encoding returns the name of the encoding of a filter of templates.
func encoding(filters string) string {
	name := filters[strings.LastIndexByte(filters, '|')+1:]
	return strings.Replace(name, "utf", "utf-", 1)
}

// TestWideTextThatMisleads: text that resembles another encoding hides nothing.
func TestWideTextThatMisleads(t *testing.T) {
	s := newScanner(t)
	for name, text := range map[string]string{
		"UTF-16 behind the mark of UTF-32":   "\xff\xfe\x00\x00{{(}}some text\nkey={{akia}}\n{{)|utf16le}}",
		"ASCII behind the mark of UTF-32":    "\xff\xfe\x00\x00key={{akia}}\n",
		"UTF-32 within other data":           "\x01\x02\x03other data{{(}}key={{akia}}\n{{)|utf32le}}",
		"UTF-32 in the other order, in data": "\x01\x02\x03other data{{(}}key={{akia}}\n{{)|utf32be}}",
	} {
		if found := s.ScanBytes([]byte(expand(t, text))); len(found) != 1 {
			t.Errorf("%s: got %s", name, describe(found))
		}
	}
}
