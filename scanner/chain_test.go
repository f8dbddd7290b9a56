package scanner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/keyguard/keyguard/patterns"
)

// TestUses: each further use of a pair has a number, and the parts of one use share it.
func TestUses(t *testing.T) {
	const (
		key    = patterns.AccessKeyID
		secret = patterns.SecretKey
		token  = patterns.Token
	)
	one := id("ASIA", 1)
	for _, c := range []struct {
		name    string
		cluster []candidate
		want    string // the kinds of each use, and whether it grants access
	}{
		{"one", []candidate{at(key, 1, 0, one), at(secret, 1, 30, "S1")},
			"0 secret_access_key access_key_id true"},
		{"with a token", []candidate{at(key, 1, 0, one), at(secret, 1, 30, "S1"), at(token, 1, 40, "T1")},
			"0 secret_access_key access_key_id session_token true"},
		{"an ID once more", []candidate{at(key, 1, 0, one), at(secret, 1, 30, "S1"), at(key, 9, 900, one)},
			"0 secret_access_key access_key_id true; 1 access_key_id false"},
		{"the secret once more", []candidate{at(key, 1, 0, one), at(secret, 1, 30, "S1"), at(secret, 9, 900, "S1")},
			"0 secret_access_key access_key_id true; 1 secret_access_key true"},
		{"three times", []candidate{
			at(key, 1, 0, one), at(secret, 1, 30, "S1"), at(key, 2, 1000, one), at(secret, 2, 1030, "S1"), at(key, 3, 2000, one), at(secret, 3, 2030, "S1"),
		}, "0 secret_access_key access_key_id true; 1 secret_access_key access_key_id true; 2 secret_access_key access_key_id true"},
		{"the second with a token", []candidate{
			at(key, 1, 0, one), at(secret, 1, 30, "S1"), at(key, 2, 1000, one), at(secret, 2, 1030, "S1"), at(token, 2, 1040, "T1"),
		}, "0 secret_access_key access_key_id true; 1 secret_access_key access_key_id session_token true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := newChain()
			pairScanner(t).findings(c.cluster, to)
			if len(to.found) != 1 {
				t.Fatalf("%d findings", len(to.found))
			}
			if want := len(c.cluster) - 1; to.size() != want { // the pair counts as one
				t.Errorf("size %d, want %d", to.size(), want)
			}
			var got []string
			for _, u := range to.found[0].Uses() {
				text := fmt.Sprint(u.Number)
				for _, p := range u.Parts {
					text += " " + string(p.Kind)
				}
				got = append(got, fmt.Sprintf("%s %t", text, u.GrantsAccess()))
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("uses %q, want %q", g, c.want)
			}
		})
	}
}

// TestSizeOfResults: the size of a result is that of its findings and parts with their
// capacity, and of their text, which overlapping excerpts share.
func TestSizeOfResults(t *testing.T) {
	const finding, part, watched = int64(unsafe.Sizeof(Finding{})), int64(unsafe.Sizeof(Part{})), int64(unsafe.Sizeof(Watched{}))
	excerpt := func(start int64, text string) Excerpt { return Excerpt{start: start, text: []byte(text)} }
	for _, c := range []struct {
		name string
		r    Result
		want int64
	}{
		{"nothing", Result{}, 0},
		{"a finding", Result{Findings: []Finding{{Secret: Secret("12345"), KeyID: "123"}}}, finding + 8},
		{"a dropped candidate", Result{Dropped: []Finding{{Secret: Secret("12345")}}}, finding + 5},
		{"capacity for more", Result{Findings: make([]Finding, 2, 5)}, 5 * finding},
		{"parts", Result{Findings: []Finding{{Related: make([]Part, 1, 3)}}}, finding + 3*part},
		{"an excerpt", Result{Findings: []Finding{{Excerpt: excerpt(100, "0123456789")}}}, finding + 10},
		{"excerpts that overlap", Result{Findings: []Finding{{Excerpt: excerpt(100, "0123456789")}, {Excerpt: excerpt(104, "4567890123")}}}, 2*finding + 14},
		{"excerpts apart", Result{Findings: []Finding{{Excerpt: excerpt(100, "0123456789")}, {Excerpt: excerpt(200, "0123456789")}}}, 2*finding + 20},
		{"the excerpt of a part", Result{Findings: []Finding{{Excerpt: excerpt(100, "0123456789"), Related: []Part{{Excerpt: excerpt(105, "567890")}}}}}, finding + part + 11},
		{"a watched word", Result{Watched: []Watched{{Excerpt: excerpt(0, "0123456789")}}}, watched + 10},
	} {
		if got := c.r.size(); got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
}

// TestBudget: decoding ends when nothing is left, and a scan beyond its maximum number of
// candidates.
func TestBudget(t *testing.T) {
	canceled, cancel := context.WithCancelCause(t.Context())
	errStop := errors.New("stop")
	cancel(errStop)
	for _, c := range []struct {
		name     string
		ctx      context.Context
		found    int
		grow     int   // bytes of the text
		spent    []int // decoded bytes
		parts    int
		afford   bool
		stopped  bool
		err      error
		unpacked error
	}{
		{"nothing yet", t.Context(), 0, 0, nil, 0, true, false, nil, nil},
		{"all but one byte", t.Context(), 0, 0, []int{1, decodedFree - 2}, 2, true, false, nil, nil},
		{"all", t.Context(), 0, 0, []int{1, decodedFree - 1}, 2, false, false, nil, errTooEncoded},
		{"all, in a longer text", t.Context(), 0, 1, []int{decodedFree + decodedPerByte - 1}, 1, true, false, nil, nil},
		{"all of a longer text", t.Context(), 0, 1, []int{decodedFree + decodedPerByte}, 1, false, false, nil, errTooEncoded},
		{"as many candidates as allowed", t.Context(), maxCandidates, 0, nil, 0, true, false, nil, nil},
		{"one candidate more", t.Context(), maxCandidates + 1, 0, nil, 0, true, true, ErrTooMany, nil},
		{"its context is done", canceled, 0, 0, nil, 0, true, true, errStop, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBudget(c.ctx)
			b.found = c.found
			b.grow(c.grow)
			sum := 0
			for _, n := range c.spent {
				b.spend(n)
				sum += n
			}
			if b.parts != c.parts || b.decoded != sum {
				t.Errorf("%d parts, %d bytes", b.parts, b.decoded)
			}
			if b.afford() != c.afford || b.stopped() != c.stopped {
				t.Errorf("affords more: %t; stopped: %t", !c.afford, !c.stopped)
			}
			var r Result
			b.finish(&r)
			if !errors.Is(r.Err, c.err) || !errors.Is(r.Unpacked, c.unpacked) || (r.Unpacked == nil) != (c.unpacked == nil) {
				t.Errorf("errors %v, %v", r.Err, r.Unpacked)
			}
		})
	}
}

// TestBacklog: a blob waits only while more than the maximum is held.
func TestBacklog(t *testing.T) {
	for _, c := range []struct {
		name string
		held int64
		asks int // whether the context is done
	}{
		{"nothing", 0, 0},
		{"the maximum", maxBacklog, 0},
		{"one byte more", maxBacklog + 1, 1},
	} {
		b := newBacklog()
		b.add(c.held + 5)
		b.remove(5)
		ctx := &stopAfter{t.Context(), 0} // done at once
		b.wait(ctx)
		if got := -ctx.n; got != c.asks || b.total() != c.held || b.most != c.held+5 {
			t.Errorf("%s: asked %d times; %d held, at most %d", c.name, got, b.total(), b.most)
		}
	}
}

// TestReported: the reports of a blob's archives are findings, drops, omissions and
// errors.
func TestReported(t *testing.T) {
	one := []Finding{{}}
	for _, c := range []struct {
		name string
		r    Result
		want int
	}{
		{"nothing", Result{}, 0},
		{"findings and drops", Result{Findings: one, Dropped: one, Skipped: []string{"a", "b"}}, 4},
		{"a member that was not unpacked", Result{Unpacked: errTooEncoded}, 1},
		{"a member that was not read", Result{Err: ErrTooMany}, 1},
		{"both, and a finding", Result{Findings: one, Unpacked: errTooEncoded, Err: ErrTooMany}, 2},
	} {
		if got := (&archiveScan{result: c.r}).Reported(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
