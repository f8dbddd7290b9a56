package scanner

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner/internal/archivetest"
)

// scanned returns the result of a text and the work done for it.
func scanned(t testing.TB, s *Scanner, text string) (Result, budget) {
	t.Helper()
	w := &window{s: s, w: new(workspace), buf: []byte(text), budget: newBudget(t.Context()), zipEnd: -1}
	w.process(true)
	return w.result, w.budget
}

// TestSharedDecodings: the first three keywords of a run have decoded parts of their own,
// and the later ones share one. Each credential is found once.
func TestSharedDecodings(t *testing.T) {
	s := builtin(t)
	b64, hexa := base64.StdEncoding.EncodeToString, hex.EncodeToString
	ids := func(n int) string { return expanded(t, strings.Repeat("{{akia}} ", n)) } // 21 bytes each: a multiple of a group
	long := expanded(t, strings.Repeat("{{akia}} "+strings.Repeat("no key. ", 9), 1000))
	const each = maxOwnParts + 1 // parts of a run, or of 32 KiB of one
	dense := ids(2000)
	for _, c := range []struct {
		name, text   string
		found, parts int
	}{
		{"one ID", b64([]byte(ids(1))), 1, 1},
		{"as many as have parts of their own", b64([]byte(ids(maxOwnParts))), maxOwnParts, maxOwnParts},
		{"the first that shares", b64([]byte(ids(maxOwnParts + 1))), maxOwnParts + 1, maxOwnParts + 1},
		{"more that share", b64([]byte(ids(9))), 9, each},
		{"more that share, in hexadecimal", hexa([]byte(ids(9))), 9, each},
		{"two runs", b64([]byte(ids(3))) + ", " + b64([]byte(ids(3))), 6, 6},
		{"one run in two lines", b64([]byte(ids(3))) + "\n" + b64([]byte(ids(3))), 6, each},
		{"two runs, each with shared parts", b64([]byte(ids(9))) + ", " + b64([]byte(ids(9))), 18, 2 * each},
		{"a run that is longer than a part", b64([]byte(long)), 1000, 4 * each},
		{"a run in hexadecimal that is longer than a part", hexa([]byte(long)), 1000, 6 * each},
		{"IDs across the ends of parts", b64([]byte(dense)), 2000, 2 * each},
		{"IDs across the ends of parts, in lines", lines(b64([]byte(dense)), 76), 2000, 2 * each},
		{"IDs across the ends of parts, in hexadecimal", hexa([]byte(dense)), 2000, 3 * each},
		{"IDs across the ends of parts, in lines of hexadecimal", lines(hexa([]byte(dense)), 62), 2000, 3 * each},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := scanned(t, s, c.text)
			found := 0
			for _, f := range r.Findings {
				found += len(f.Uses())
			}
			if found != c.found || b.parts != c.parts {
				t.Errorf("found %d in %d parts, want %d in %d", found, b.parts, c.found, c.parts)
			}
		})
	}
}

// TestEndsOfSharedParts: a credential that crosses the end of a shared part, and is the last
// in its run, has another part.
func TestEndsOfSharedParts(t *testing.T) {
	s := builtin(t)
	filler := strings.Repeat(". ", 32<<10)
	for _, c := range []struct {
		name      string
		encode    func([]byte) string
		size      int // digits of an ID and a blank
		distances []int
		lines     int // length of the first line, or 0
	}{
		{"base64", base64.StdEncoding.EncodeToString, 28, []int{-28, 0, 4, 12, 24, 28, 56}, 0},
		{"hexadecimal", hex.EncodeToString, 42, []int{-42, 0, 2, 12, 40, 42, 84}, 0},
		{"hexadecimal in two lines", hex.EncodeToString, 42, []int{-41, 1, 3, 13, 39, 41, 43, 85}, 400},
	} {
		for _, distance := range c.distances {
			t.Run(fmt.Sprintf("%s, %d digits before the end", c.name, distance), func(t *testing.T) {
				first := c.encode([]byte(expanded(t, strings.Repeat("{{akia}} ", maxOwnParts+1))))
				at := maxOwnParts*c.size + decode.After - distance // of the last
				if c.lines > 0 {
					at-- // the line break
				}
				text := first + c.encode([]byte(filler))[:at-len(first)] + c.encode([]byte(expanded(t, "{{asia}} ")+filler[:9000]))
				if c.lines > 0 {
					text = text[:c.lines] + "\n" + text[c.lines:]
				}
				r, _ := scanned(t, s, text)
				if len(r.Findings) != maxOwnParts+2 {
					t.Errorf("found %d, want %d", len(r.Findings), maxOwnParts+2)
				}
			})
		}
	}
}

// lines returns a text in lines of n bytes.
func lines(text string, n int) string { return strings.Join(chunks(text, n), "\n") }

// TestMixedEncodings: a keyword shares a decoded part only in its own encoding.
func TestMixedEncodings(t *testing.T) {
	s := builtin(t)
	b64, hexa := base64.StdEncoding.EncodeToString, hex.EncodeToString
	key := []byte(expanded(t, "id={{akia}}\nsecret={{secret}}\n"))
	ids := b64([]byte(expanded(t, strings.Repeat("{{asia}} ", 6))))
	for _, c := range []struct{ name, encoded, decoded string }{
		{"hexadecimal in a run of base64", hexa(key), "hex"},
		{"base64 at any alignment", b64(key), "base64"},
		{"a gzip in a run of base64", b64(archivetest.Gzip(t, key)), "base64, gzip"},
	} {
		for skip := range 4 {
			t.Run(fmt.Sprintf("%s, after %d bytes", c.name, skip), func(t *testing.T) {
				r, _ := scanned(t, s, ids+strings.Repeat("/", skip)+c.encoded)
				n := 0
				for _, f := range r.Findings {
					if f.Kind == patterns.KeyPair && f.DecodedFrom.String() == c.decoded {
						n++
					}
				}
				if n != 1 {
					t.Errorf("%d pairs decoded from %s, %d findings", n, c.decoded, len(r.Findings))
				}
			})
		}
	}
}

// TestDepthsOfEscapes: escapes that a keyword reveals are not searched with those that break
// a word: within them, other encodings are decoded.
func TestDepthsOfEscapes(t *testing.T) {
	percent := func(text string) (out string) {
		for _, c := range []byte(text) {
			out += fmt.Sprintf("%%%02x", c)
		}
		return out
	}
	key := base64.StdEncoding.EncodeToString([]byte(expanded(t, "id={{asia}}\n")))
	broken := strings.Repeat(expanded(t, "{{akia#a}} ")+`abcdefghijk\/abcdefghijk`+"\n", maxOwnParts+2)
	r, _ := scanned(t, builtin(t), broken+percent(expanded(t, "{{akia#a}} ")+key))
	got := ""
	for _, f := range r.Findings {
		if strings.HasPrefix(f.KeyID, "ASIA") {
			got += f.DecodedFrom.String()
		}
	}
	if want := "escapes, base64"; got != want {
		t.Errorf("decoded from %q, want %q", got, want)
	}
}

// TestDepthOfEscapes: escapes are decoded within one other encoding, but not within two.
func TestDepthOfEscapes(t *testing.T) {
	s := builtin(t)
	b64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	escaped := expanded(t, "aws_secret_access_key=\"{{b64 20}}\\u002b{{b64 19}}\"\n")
	for _, c := range []struct {
		name, text, decoded string // encodings of the secret; empty if not found
	}{
		{"in a text", escaped, "escapes"},
		{"in base64", b64(escaped), "base64, escapes"},
		{"in base64 twice", b64(b64(escaped)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := scanned(t, s, c.text)
			got := ""
			for _, f := range r.Findings {
				got += f.DecodedFrom.String()
			}
			if got != c.decoded {
				t.Errorf("decoded from %q, want %q", got, c.decoded)
			}
		})
	}
}

// TestReachOfEscapes: the decision to decode escapes depends on the bytes around a keyword
// up to a limit, on twice as many if they are decoded, and on a soft line break before.
func TestReachOfEscapes(t *testing.T) {
	s := builtin(t)
	const softLine = 80
	word := func(text string) int { // index of a keyword of a rule
		for i, w := range s.Words()[:s.rules] {
			if w.Text == text {
				return i
			}
		}
		t.Fatalf("no keyword %q", text)
		return 0
	}
	id, broken := expanded(t, "{{akia}}"), `abcdefghijk\/abcdefghijk`
	first := `\/abcdefghijklmnopqrst` // starts with an escape
	for _, c := range []struct {
		name, text string // the keyword is at the first @, which stands for nothing
		word       string
		matched    bool
		depth      int
		want       reach
		ok         bool
	}{
		{"no escapes", "x = @" + id + "\n", "AKIA", true, 0, reach{escapesBefore, escapesAfter}, false},
		{"an escape outside of words", "x = @" + id + " \\n\n", "AKIA", true, 0, reach{escapesBefore, escapesAfter}, false},
		{"an escape in a word", "x = @" + id + " " + broken, "AKIA", true, 0, reach{escapesBefore, 2*escapesAfter + escapesBefore}, true},
		{"an escape at the limit", first + strings.Repeat(" ", escapesBefore-len(first)) + "@" + id, "AKIA", true, 0, reach{escapesBefore, 2*escapesAfter + escapesBefore}, true},
		{"an escape one byte before the limit", first + strings.Repeat(" ", escapesBefore+1-len(first)) + "@" + id, "AKIA", true, 0, reach{escapesBefore, escapesAfter}, false},
		{"a soft line break before it", "x = =\n@" + id + "\n", "AKIA", true, 0, reach{escapesBefore + softLine, escapesAfter}, false},
		{"the name of a secret, without a value", "@secret = " + broken, "secret", false, 0, reach{0, 2 * escapesNear}, true},
		{"the name of a secret, with its value", "@secret = " + broken, "secret", true, 0, reach{}, false},
		{"the start of a token", "@IQoJb3JpZ2lu" + broken, "IQoJb3JpZ2lu", true, 0, reach{0, 2 * escapesToken}, true},
		{"in a decoded text", "@secret = " + broken, "secret", false, maxDepth - 1, reach{0, 2 * escapesNear}, true},
		{"in a text that was decoded twice", "@secret = " + broken, "secret", false, maxDepth, reach{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after, _ := strings.Cut(c.text, "@")
			b := newBudget(t.Context())
			m := hitMatcher{s: s, budget: &b, text: []byte(before + after), depth: c.depth, broken: -1}
			var used reach
			r, ok := m.escapeRequest(literal.Hit{Pos: len(before), Word: word(c.word)}, c.matched, &used)
			if used != c.want || ok != c.ok || ok && r.depth != maxDepth {
				t.Errorf("reach %+v, decoded %t to depth %d", used, ok, r.depth)
			}
		})
	}
}

// TestReachInArchives: a keyword within an archive depends on the bytes from its start.
func TestReachInArchives(t *testing.T) {
	s := builtin(t)
	first := archivetest.Gzip(t, []byte("no key"))
	for n := 7; len(first)%3 != 0; n++ { // the second one starts with a group
		first = archivetest.Gzip(t, []byte("no key, and no secret"[:n]))
	}
	b64 := base64.StdEncoding.EncodeToString
	start := "before "
	text := start + b64(append(first, archivetest.Gzip(t, []byte("no key"))...)) + " after"
	var got []reach
	b := newBudget(t.Context())
	hits := s.literals.Append(nil, []byte(text), 0, len(text))
	s.matchHits(&b, []byte(text), hits, 0, func(of hitResult) {
		if k := hits[of.index].Word - s.rules; k >= 0 && k < len(s.decoders) && s.decoders[k].packed {
			got = append(got, of.reach)
		}
	})
	want := []reach{{decode.Before, decode.After}, {len(b64(first)), decode.After}}
	if !slices.Equal(got, want) {
		t.Errorf("reach %v, want %v", got, want)
	}
}
