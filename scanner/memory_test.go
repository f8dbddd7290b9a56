package scanner

import (
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
)

// TestResultsHoldLittle: the memory of the results of a text full of candidates is
// proportional to its size and their number, even if they are close together.
func TestResultsHoldLittle(t *testing.T) {
	const size, each = 64 << 10, 1 << 10
	s := builtin(t)
	for name, text := range hostile(t, size) {
		r := s.scanBytes(t.Context(), []byte(text), new(workspace))
		n := len(r.Findings) + len(r.Dropped)
		for _, f := range r.Findings {
			n += len(f.Related)
		}
		if got, most := r.size(), int64(n*each+4*len(text)); got > most {
			t.Errorf("%s: %d candidates hold %d bytes, more than %d", name, n, got, most)
		}
	}
}

// TestExcerptsShareText: overlapping excerpts are parts of one copy of the text, and a
// single candidate keeps only its own.
func TestExcerptsShareText(t *testing.T) {
	text := []byte(strings.Repeat("0123456789", 2000))
	at := func(places ...int64) []candidate {
		var out []candidate
		for _, p := range places {
			out = append(out, candidate{span: Span{Start: p, End: p + 4}, excerpt: newExcerpt(text, int(p), int(p)+4, 0)})
		}
		keepText(out, text, 0)
		return out
	}
	shares := func(a, b candidate) bool { // the bytes from the start of b
		return &a.excerpt.text[b.excerpt.start-a.excerpt.start] == &b.excerpt.text[0]
	}
	near := at(5000, 5004, 5800)
	if !shares(near[0], near[1]) || !shares(near[1], near[2]) {
		t.Error("excerpts that overlap have copies of their own")
	}
	var places []int64
	for p := int64(1000); p < 19000; p += 4 {
		places = append(places, p)
	}
	row, copies := at(places...), 1
	for i := range row[1:] {
		if !shares(row[i], row[i+1]) {
			copies++
		}
	}
	if copies < 4 || copies > 6 {
		t.Errorf("a row of excerpts is kept in %d copies of a few times an excerpt", copies)
	}
}

// blobs is a source of texts. Each function returns a text when its blob is opened.
type blobs []func() string

func (b blobs) Blobs(context.Context) iter.Seq2[*Blob, error] {
	return func(yield func(*Blob, error) bool) {
		for i, text := range b {
			open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text())), nil }
			if !yield(&Blob{Origin: Origin{Path: fmt.Sprint(i)}, Open: open}, nil) {
				return
			}
		}
	}
}

// TestResultsWaitWithinBounds: after a slow blob, others are scanned until their results
// reach the limit, and all results are returned in order.
func TestResultsWaitWithinBounds(t *testing.T) {
	id, err := synth.New(1).Expand("{{akia}}")
	if err != nil {
		t.Fatal(err)
	}
	full := strings.Repeat(id+" "+strings.Repeat(".", 40)+"\n", 6000) + strings.Repeat("\n", 1<<10)
	s := builtin(t)
	s.jobs = 2
	one := s.ScanReader(strings.NewReader(full))
	size := one.size()
	waiting := newBacklog()
	enough := make(chan struct{})
	src := blobs{func() string { <-enough; return "" }}
	for range 4 * maxBacklog / size {
		src = append(src, func() string { return full })
	}
	go func() { // the slow blob ends when the others wait
		for waiting.total() <= maxBacklog {
			runtime.Gosched()
		}
		close(enough)
	}()
	n := 0
	s.scan(t.Context(), src, waiting, func(r Result) bool {
		if r.Origin.Path != fmt.Sprint(n) {
			t.Errorf("result %d is of blob %s", n, r.Origin.Path)
		}
		n++
		return r.Err == nil
	})
	if n != len(src) {
		t.Errorf("%d results of %d", n, len(src))
	}
	if limit := maxBacklog + 3*size; waiting.most > limit {
		t.Errorf("results held %d bytes, more than %d", waiting.most, limit)
	}
}

// TestScanStopsWhileWorkersWait: a caller that breaks off the iteration ends the scan,
// even if all workers wait for memory.
func TestScanStopsWhileWorkersWait(t *testing.T) {
	s := builtin(t)
	s.jobs = 2
	waiting := newBacklog()
	text := func() string { return "" }
	s.scan(t.Context(), blobs{text, text, text, text}, waiting, func(Result) bool {
		waiting.add(2 * maxBacklog)
		return false
	})
}

// TestRepeatedCredentialIsOneFinding: all locations of a credential are parts of one
// finding.
func TestRepeatedCredentialIsOneFinding(t *testing.T) {
	const times = maxCluster + 500
	g := synth.New(1)
	expand := func(template string) string {
		out, err := g.Expand(template)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	id, secret := expand("{{akia}}"), expand("{{secret}}")
	pair := "aws_access_key_id = " + id + "\naws_secret_access_key = " + secret + "\n"
	for _, c := range []struct {
		name, text      string
		findings, parts int
	}{
		{"a pair", strings.Repeat(pair, times), 1, 2*times - 1},
		{"an id", strings.Repeat("key "+id+"\n", times), 1, times - 1},
		{"a secret", strings.Repeat("aws_secret_access_key = "+secret+"\n", times), 1, times - 1},
		{"a token", strings.Repeat("aws_session_token = "+expand("{{token}}")+"\n", times), 1, times - 1},
		{"a pair, its id more often", pair + strings.Repeat("key "+id+"\n", times), 1, 1 + times},
		{"a pair behind many others", strings.Repeat("key "+id+"\n", times) + pair, 2, times},
		{"two pairs in turn", strings.Repeat(pair+"\naws_access_key_id = "+expand("{{akia}}")+"\naws_secret_access_key = "+expand("{{secret}}")+"\n", times/2), 2, 2*times - 2},
		{"far apart", pair + strings.Repeat("\n", 10<<10) + pair, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := builtin(t).ScanBytes([]byte(c.text))
			parts := 0
			for _, f := range found {
				parts += len(f.Related)
			}
			if len(found) != c.findings || parts != c.parts {
				t.Errorf("%d findings with %d parts, want %d with %d", len(found), parts, c.findings, c.parts)
			}
		})
	}
}
