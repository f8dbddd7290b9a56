package scanner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
)

// expanded returns a template with its tags replaced.
func expanded(t testing.TB, template string) string {
	t.Helper()
	text, err := synth.New(1).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestStillValid: an outcome stays if the bytes that it depends on are in one copied
// range, or if both texts start or end there.
func TestStillValid(t *testing.T) {
	const size, baseSize = 1000, 2000 // of the text and of its base
	near := func(before, after int64) *outcome { return &outcome{kept: true, before: before, after: after} }
	for _, c := range []struct {
		name    string
		pos     int64
		outcome *outcome // depends on 10 bytes before pos and 20 after, and on its own
		segment Segment
		valid   bool
		again   bool // near rules run again
	}{
		{"all bytes copied", 500, nil, Segment{Off: 490, Len: 30, From: 7}, true, false},
		{"one byte missing before", 500, nil, Segment{Off: 491, Len: 29, From: 7}, false, false},
		{"one byte missing after", 500, nil, Segment{Off: 490, Len: 29, From: 7}, false, false},
		{"both texts begin", 5, nil, Segment{Off: 0, Len: 100, From: 0}, true, false},
		{"only the text begins", 5, nil, Segment{Off: 0, Len: 100, From: 7}, false, false},
		{"only the base begins", 9, nil, Segment{Off: 4, Len: 100, From: 0}, false, false},
		{"both texts end", 990, nil, Segment{Off: 900, Len: 100, From: 1900}, true, false},
		{"only the text ends", 990, nil, Segment{Off: 900, Len: 100, From: 1899}, false, false},
		{"only the base ends", 989, nil, Segment{Off: 899, Len: 100, From: 1900}, false, false},
		{"partial", 500, &outcome{partial: true}, Segment{Off: 0, Len: size, From: 7}, false, false},
		{"bytes of near rules copied", 500, near(50, 60), Segment{Off: 450, Len: 110, From: 7}, true, false},
		{"one of them missing before", 500, near(50, 60), Segment{Off: 451, Len: 109, From: 7}, true, true},
		{"one of them missing after", 500, near(50, 60), Segment{Off: 450, Len: 109, From: 7}, true, true},
		{"near rules where both texts begin", 40, near(50, 60), Segment{Off: 0, Len: 100, From: 0}, true, false},
		{"near rules where both texts end", 960, near(50, 60), Segment{Off: 900, Len: 100, From: 1900}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracker := pairScanner(t).NewTracker(t.Context())
			tracker.budget = newBudget(t.Context())
			hit := keywordHit{pos: c.pos, before: 10, after: 20, outcome: c.outcome}
			valid := tracker.stillValid(&hit, make([]byte, size), c.segment, baseSize)
			if again := hit.outcome != c.outcome; valid != c.valid || again != c.again {
				t.Errorf("valid %t, near rules again %t", valid, again)
			}
		})
	}
}

// TestWindows: new ranges and seams are searched, as one if they are less than a keyword
// or maxGap apart.
func TestWindows(t *testing.T) {
	s := pairScanner(t)
	apart := max(maxGap, int64(s.literals.Longest()))
	// segments of the given lengths: a copied one, then a new one, in turn.
	segments := func(lengths ...int64) (out []Segment) {
		off := int64(0)
		for i, n := range lengths {
			from := off + 10_000
			if i%2 == 1 {
				from = -1
			}
			out = append(out, Segment{Off: off, Len: n, From: from})
			off += n
		}
		return out
	}
	for _, c := range []struct {
		name     string
		segments []Segment
		want     []span
	}{
		{"nothing", nil, []span{{0, 0}}},
		{"all new", segments(0, 500), []span{{0, 500}}},
		{"all copied", segments(500), []span{{0, 0}}},
		{"an insertion", segments(500, 7, 500), []span{{0, 0}, {500, 507}}},
		{"an insertion near the start", segments(apart-1, 7, 500), []span{{0, apart + 6}}},
		{"an insertion farther from the start", segments(apart, 7, 500), []span{{0, 0}, {apart, apart + 7}}},
		{"a seam", segments(500, 0, 500), []span{{0, 0}, {500, 500}}},
		{"insertions near each other", segments(500, 7, apart-1, 7, 500), []span{{0, 0}, {500, 513 + apart}}},
		{"insertions apart", segments(500, 7, apart, 7, 500), []span{{0, 0}, {500, 507}, {507 + apart, 514 + apart}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracker := s.NewTracker(t.Context())
			tracker.setWindows(c.segments)
			if !slices.Equal(tracker.windows, c.want) {
				t.Errorf("windows %v, want %v", tracker.windows, c.want)
			}
		})
	}
}

// TestFirstAt: the first hit at or after a position.
func TestFirstAt(t *testing.T) {
	for _, hits := range [][]int64{nil, {5}, {0, 5}, {2, 5, 5, 9}, {1, 2, 3, 4, 5, 6, 7}} {
		state := new(TextState)
		for _, pos := range hits {
			state.hits = append(state.hits, keywordHit{pos: pos})
		}
		for pos := range int64(12) {
			want, _ := slices.BinarySearch(hits, pos)
			if got := state.firstAt(pos); got != want {
				t.Errorf("%v: the first at %d is %d, want %d", hits, pos, got, want)
			}
		}
	}
}

// TestDropsAreReturnedOnce: dropped candidates that are carried over are not returned
// again, unless pairing runs again.
func TestDropsAreReturnedOnce(t *testing.T) {
	filler := strings.Repeat("text without anything\n", 1000)
	example, id := "AKIAIOSFODNN7EXAMPLE\n", expanded(t, "{{akia}}\n")
	for _, c := range []struct {
		name, base, inserted string // at the end of the base
		dropped              int
	}{
		{"a line without anything", example + filler, "nothing\n", 0},
		{"a credential", example + filler, id, 1},
		{"another example", example + filler, "AKIAI44QH8DHBEXAMPLE\n", 2},
		{"a line after a credential", example + id + filler, "nothing\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracker := pairScanner(t).NewTracker(t.Context())
			state, _ := tracker.Scan([]byte(c.base), nil, nil)
			n := int64(len(c.base))
			_, r := tracker.Scan([]byte(c.base+c.inserted), []Segment{{Off: 0, Len: n, From: 0}, {Off: n, Len: int64(len(c.inserted)), From: -1}}, state)
			if len(r.Dropped) != c.dropped {
				t.Errorf("%d dropped, want %d", len(r.Dropped), c.dropped)
			}
		})
	}
}

// TestEditsNearIDs: an edit of a secret without a name has an effect at any distance from
// the ID at which it counts.
func TestEditsNearIDs(t *testing.T) {
	s := pairScanner(t)
	key, secret := expanded(t, "{{akia}}"), secret(t)
	gap := func(n int) string { return strings.Repeat(" .", n/2) }
	far := gap(3000)
	for _, distance := range []int{2, 100, 600, 900, 980} {
		before := far + "\n" + secret + gap(distance) + "\n" + key + "\n" + far
		after := far + "\n" + key + "\n" + gap(distance) + secret + "\n" + far
		for _, c := range []struct {
			name, base string
			at         int    // offset of the edit
			inserted   string // there
			found      int    // parts, after the edit
		}{
			{"before the secret, which is before the ID", before, len(far) + 1, "x", 1},
			{"the secret's name", before, len(far) + 1, "slack_secret = ", 1},
			{"after the secret, which is after the ID", after, len(after) - len(far) - 1, "x", 1},
			{"a blank after the secret", after, len(after) - len(far) - 1, " ", 2},
		} {
			t.Run(fmt.Sprintf("%s, %d bytes apart", c.name, distance), func(t *testing.T) {
				tracker := s.NewTracker(t.Context())
				state, r := tracker.Scan([]byte(c.base), nil, nil)
				if len(r.Findings) != 1 || len(r.Findings[0].Related) != 1 {
					t.Fatalf("%d findings before the edit", len(r.Findings))
				}
				at, n := int64(c.at), int64(len(c.inserted))
				text := c.base[:at] + c.inserted + c.base[at:]
				_, r = tracker.Scan([]byte(text), []Segment{
					{Off: 0, Len: at, From: 0}, {Off: at, Len: n, From: -1}, {Off: at + n, Len: int64(len(c.base)) - at, From: at},
				}, state)
				if len(r.Findings) != 1 || 1+len(r.Findings[0].Related) != c.found {
					t.Errorf("%d findings, want one with %d parts", len(r.Findings), c.found)
				}
			})
		}
	}
}

// TestMargins: the window keeps the bytes that a rule of maximum reach may read in decoded
// text, around a candidate of a near rule, and the marks around that.
func TestMargins(t *testing.T) {
	s := pairScanner(t)
	near := 0
	for _, r := range s.set.NearRules() {
		near = max(near, r.Near.Bytes)
	}
	for _, c := range []struct {
		name   string
		got    int
		needed []int
	}{
		{"before a keyword", s.before, []int{patterns.MaxReach, decode.Before, near, markReach}},
		{"after a keyword", s.after, []int{patterns.MaxReach, decode.After, near, markReach}},
		{"before a candidate of a near rule", s.nearBytes, []int{patterns.MaxReach, decode.Before, near}},
	} {
		for _, n := range c.needed {
			c.got -= n
		}
		if c.got != 0 {
			t.Errorf("%s: %d bytes more than needed", c.name, c.got)
		}
	}
}
