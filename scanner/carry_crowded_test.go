package scanner

import (
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
)

// TestCrowdedText: a text with very many keywords has the findings of ScanBytes, without
// an outcome for each keyword in memory, and so has a text that is built from it.
func TestCrowdedText(t *testing.T) {
	if testing.Short() {
		t.Skip("scans some hundred thousand IDs")
	}
	pair, err := synth.New(1).Expand("aws_access_key_id = {{akia}}\naws_secret_access_key = {{secret}}\n")
	if err != nil {
		t.Fatal(err)
	}
	const fake = "AKIA" + "AAAAAAAAAAAAAAAA\n"
	text := []byte(strings.Repeat(fake, maxHits/2) + strings.Repeat("\n", 10_000) + pair + strings.Repeat("\n", 10_000) + strings.Repeat(fake, maxHits))
	s := builtin(t)
	tracker := s.NewTracker(t.Context())
	state, r := tracker.Scan(text, nil, nil)
	check := func(what string, text []byte, r Result) {
		t.Helper()
		want := s.ScanReader(strings.NewReader(string(text)))
		same := func(a, b Finding) bool { return a.RuleID == b.RuleID && a.Span == b.Span }
		if !slices.EqualFunc(r.Findings, want.Findings, same) || len(r.Findings) != 1 || len(r.Dropped) != len(want.Dropped) || r.Omitted["placeholder"] != want.Omitted["placeholder"] {
			t.Errorf("%s: %d findings, %d dropped, %v omitted; want %d, %d, %v", what, len(r.Findings), len(r.Dropped), r.Omitted, len(want.Findings), len(want.Dropped), want.Omitted)
		}
	}
	check("new", text, r)
	if n := cap(tracker.results); n > maxHits {
		t.Errorf("room for %d results", n)
	}
	from := int64(len(text) - len(fake)*maxHits - 10_000 - len(pair) - 100)
	copied := text[from:]
	state, r = tracker.Scan(copied, []Segment{{Off: 0, Len: int64(len(copied)), From: from}}, state)
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	check("built from it", copied, r)
	few := copied[:200+len(pair)]
	_, r = tracker.Scan(few, []Segment{{Off: 0, Len: int64(len(few)), From: 0}}, state)
	check("its beginning", few, r)
}
