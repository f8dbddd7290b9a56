package scanner_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

// edit returns a text of random parts of base and fresh, and its segments.
func edit(rng *rand.Rand, base, fresh []byte) (text []byte, segments []scanner.Segment) {
	for range 1 + rng.IntN(6) {
		source, from := fresh, int64(-1)
		if rng.IntN(3) > 0 && len(base) > 0 {
			source, from = base, 0
		}
		if len(source) == 0 {
			continue
		}
		a := rng.IntN(len(source))
		b := a + rng.IntN(len(source)-a) + 1
		if from == 0 {
			from = int64(a)
		}
		segments = append(segments, scanner.Segment{Off: int64(len(text)), Len: int64(b - a), From: from})
		text = append(text, source[a:b]...)
	}
	if segments == nil {
		segments = []scanner.Segment{}
	}
	return text, segments
}

// FuzzTrackerEqualsScanBytes: for any segments, Tracker.Scan has the findings of
// ScanBytes.
func FuzzTrackerEqualsScanBytes(f *testing.F) {
	s := newScanner(f)
	f.Add(uint64(1), []byte(expand(f, "[a]\nid={{akia}}\nsecret={{secret}}\n[b]\naws_session_token={{token}}\n")), []byte(expand(f, "{{asia}} AKIA {{secret}} secret\n")))
	f.Add(uint64(2), []byte(expand(f, "AKIAIOSFODNN7EXAMPLE {{akia}}:{{secret}}")), []byte("X"))
	// Enough IDs to share one decoded part.
	f.Add(uint64(4), []byte(expand(f, strings.Repeat("{{akia}}, ", 8)+`{\"s\": \"{{(}}{{secret}}{{)}}\"}`+strings.Repeat(" {{akia}}", 4)+`\u003d{{secret}}`)), []byte("\n"))
	f.Add(uint64(3), []byte(expand(f, "secret key aws {{secret}}\nsecret key aws {{secret}}\n")), []byte("=\n"))
	f.Fuzz(func(t *testing.T, seed uint64, base, fresh []byte) {
		rng := rand.New(rand.NewPCG(seed, 1))
		tracker := s.NewTracker(t.Context())
		trail, _ := tracker.Scan(base, nil, nil)
		for range 5 {
			text, segments := edit(rng, base, fresh)
			next, got := tracker.Scan(text, segments, trail)
			equalsWhole(t, s, text, got)
			base, trail = text, next
		}
	})
}

// equalsWhole fails the test if the findings of a tracker differ from those of ScanBytes.
func equalsWhole(t *testing.T, s *scanner.Scanner, text []byte, got scanner.Result) {
	t.Helper()
	want := s.ScanBytes(text)
	if len(got.Findings) != len(want) {
		t.Fatalf("tracked %s, whole %s\nin %q", describe(got.Findings), describe(want), text)
	}
	for i := range want {
		if g := got.Findings[i]; g.Span != want[i].Span || g.RuleID != want[i].RuleID || g.KeyID != want[i].KeyID || !bytes.Equal(g.Secret, want[i].Secret) {
			t.Fatalf("tracked %+v, whole %+v\nin %q", g, want[i], text)
		}
	}
}

// TestTrackerEqualsScanBytesInMedleys edits random sequences of credentials, encodings
// and the characters around them.
func TestTrackerEqualsScanBytesInMedleys(t *testing.T) {
	pieces := []string{
		"{{akia}}", "{{akia}}", "{{asia}}", "{{secret}}", "aws_secret_access_key", "secret", " ", "\n", "\n", "=", ": \"", "\\\"", "\\n", "%2F",
		"\\/", "\\u003d", "=\n", "\" + \"", "'", "value", "aws_session_token={{token}}", "password", "AKIA", "abc def", "x = y\n", "{{secret|base64}}",
		"{{(}}{{akia}}:{{secret}}{{)|base64}}", strings.Repeat("text ", 20), strings.Repeat("word\n", 30),
	}
	s := newScanner(t)
	seeds := []uint64{799, 952, 5329, 5920} // failed in the past
	for seed := range uint64(100) {
		seeds = append(seeds, seed)
	}
	for _, seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 99))
		var medley string
		for range 5 + rng.IntN(60) {
			medley += pieces[rng.IntN(len(pieces))]
		}
		base := []byte(expand(t, medley))
		tracker := s.NewTracker(t.Context())
		trail, _ := tracker.Scan(base, nil, nil)
		for range 4 {
			fresh := expand(t, pieces[rng.IntN(len(pieces))])
			at := rng.IntN(len(base) + 1)
			cut := at
			if rng.IntN(2) == 0 {
				cut = min(len(base), at+rng.IntN(30))
			}
			text := slices.Concat(base[:at], []byte(fresh), base[cut:])
			next, got := tracker.Scan(text, []scanner.Segment{
				{Off: 0, Len: int64(at), From: 0},
				{Off: int64(at), Len: int64(len(fresh)), From: -1},
				{Off: int64(at + len(fresh)), Len: int64(len(base) - cut), From: int64(cut)},
			}, trail)
			equalsWhole(t, s, text, got)
			base, trail = text, next
		}
	}
}

func TestTrackerLooksAtNothingTwice(t *testing.T) {
	s := newScanner(t)
	base := append(bytes.Repeat([]byte("text without anything\n"), 5000), expand(t, "id={{akia}}\nsecret={{secret}}\n")...)
	tracker := s.NewTracker(t.Context())
	trail, _ := tracker.Scan(base, nil, nil)
	before := tracker.Scanned
	text := append([]byte("new\n"), base...)
	_, got := tracker.Scan(text, []scanner.Segment{{Off: 0, Len: 4, From: -1}, {Off: 4, Len: int64(len(base)), From: 0}}, trail)
	if len(got.Findings) != 1 || got.Findings[0].Span.Line != 5003 {
		t.Errorf("got %v", got.Findings)
	}
	if n := tracker.Scanned - before; n > 100 {
		t.Errorf("searched %d bytes of a text with 4 new ones", n)
	}
}
