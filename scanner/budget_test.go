package scanner

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
)

// hostile returns texts of about n bytes that require much decoding.
func hostile(t testing.TB, n int) map[string]string {
	t.Helper()
	id, err := synth.New(1).Expand("{{akia}}")
	if err != nil {
		t.Fatal(err)
	}
	once := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	many := func(s string) string { return strings.Repeat(s, n/len(s)) }
	var wide strings.Builder
	for _, c := range many(id + " ") {
		wide.WriteString(string(c) + "\x00")
	}
	all := many(id + " ")
	numbers := ""
	for i := range 100 {
		numbers += fmt.Sprint(i * i * i)
	}
	gz := func(s string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return b.Bytes()
	}
	return map[string]string{
		"ids":                        all,
		"ids, none whole":            many(id[:4]),
		"ids in base64":              once(all)[:n],
		"ids in base64 in base64":    once(once(all))[:n],
		"ids in base64 in lines":     strings.Join(chunks(once(all)[:n], 64), "\n"),
		"a base64 word, any way":     many(once(id)[:5] + "/" + once(id)[:5] + "//" + once(id)[:5]),
		"ids in hexadecimal":         hex.EncodeToString([]byte(all))[:n],
		"gzips in base64":            many(once(string(gz(numbers + once(id))))),
		"beginnings of gzips":        once(many("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + id[:2]))[:n],
		"zips in base64":             once(many("PK\x03\x04\x14\x00\x00\x00\x08\x00" + id[:18] + "\x00\x00\x00\x00" + id))[:n],
		"ids in escapes":             many("%41%4b%49%41" + id[4:] + " "),
		"ids that escapes break":     many(id + `\/abcdefghijklmnopqrst `),
		"ids in UTF-16, in a binary": "\x01" + wide.String()[:n],
		"names of tokens":            many(`session_token abcdefghijk\/abcdefgh `),
		"names of tokens and ids":    many(`session_token ` + id + ` abcdefghijk\/abcdefgh `),
		"ids and secrets":            many(id + " aws_secret abcdefghijklmnopqrstABCDEFGHIJKLMN0123+/ "),
		"beginnings of tokens":       many("IQoJb3JpZ2luX2Vj"),
		"beginnings of older tokens": many("FwoGZXIvYXdz"),
		"beginnings of API keys":     many("ABSK"),
		"beginnings of SSO tokens":   many("aoaAAAA"),
		"beginnings of JSON tokens":  many("eyJ2ZXIiOjEsImlzdSI6"),
		"lines of a named secret":    many("aws_secret_access_key = " + secret(t) + "\n"),
		"lines of a named example":   many("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"),
		"names of secrets":           many("secret "),
		"names of secrets in a word": many("secret"),
		"values longer than secrets": many("aws_secret " + secret(t) + "= "),
	}
}

// plainText returns a text of about n bytes without keywords.
func plainText(n int) string {
	return strings.Repeat("The quick brown fox jumps over the lazy dog and goes on; 12345.\n", n/64)
}

func secret(t testing.TB) string {
	t.Helper()
	out, err := synth.New(2).Expand("{{secret}}")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func chunks(s string, n int) (out []string) {
	for len(s) > n {
		out, s = append(out, s[:n]), s[n:]
	}
	return append(out, s)
}

func builtin(t testing.TB) *Scanner {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return New(set, Options{})
}

// TestWorkIsInProportion: for any text, decoded bytes, decoded parts, and bytes that
// expressions run on are proportional to its size.
func TestWorkIsInProportion(t *testing.T) {
	s := builtin(t)
	for name, text := range hostile(t, 16<<10) {
		t.Run(name, func(t *testing.T) {
			w := &window{s: s, w: new(workspace), buf: []byte(text), budget: newBudget(t.Context())}
			w.process(true)
			tracker := s.NewTracker(t.Context())
			tracker.Scan([]byte(text), nil, nil)
			for how, e := range map[string]budget{"scanned": w.budget, "tracked": tracker.budget} {
				if e.tried > 32*len(text) {
					t.Errorf("%s: expressions were run on %d bytes for %d", how, e.tried, len(text))
				}
				if e.searched > 8*(len(text)+e.decoded) {
					t.Errorf("%s: %d bytes were searched for escapes in %d", how, e.searched, len(text))
				}
				if e.decoded > 16*len(text) || e.parts > len(text)/100 {
					t.Errorf("%s: %d bytes were decoded to %d, in %d pieces", how, len(text), e.decoded, e.parts)
				}
				if e.refused {
					t.Errorf("%s: not all was decoded", how)
				}
			}
		})
	}
}

// TestRepeatsAreJudgedOnce: in a text that repeats itself, expressions run only on a
// part, and all occurrences are found.
func TestRepeatsAreJudgedOnce(t *testing.T) {
	const size = 64 << 10
	s := builtin(t)
	for name, c := range map[string]struct {
		line string
		each int // uses and drops per repetition
	}{
		"a named secret":    {"aws_secret_access_key = " + secret(t) + "\n", 1},
		"a named example":   {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", 1},
		"a name":            {"secret", 0},
		"a word and a name": {"one secret ", 0},
		"a link's key":      {"AWSAccessKeyId=", 0},
	} {
		t.Run(name, func(t *testing.T) {
			n := size / len(c.line)
			w := &window{s: s, w: new(workspace), buf: []byte(strings.Repeat(c.line, n)), budget: newBudget(t.Context())}
			w.process(true)
			if w.budget.tried > size/2 {
				t.Errorf("expressions were run on %d bytes for %d", w.budget.tried, size)
			}
			found := len(w.result.Dropped)
			for _, n := range w.result.Omitted {
				found += n
			}
			for _, f := range w.result.Findings {
				found += len(f.Uses())
			}
			if found != n*c.each {
				t.Errorf("found %d, want %d", found, n*c.each)
			}
		})
	}
}

// TestTooMuchToDecodeIsReported: small archives with large content are inflated only up
// to the budget, and the rest is reported.
func TestTooMuchToDecodeIsReported(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, 60<<10)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := base64.StdEncoding.EncodeToString(b.Bytes()) + "\n"
	text := []byte(strings.Repeat(bomb, 300))
	s := builtin(t)
	if r := s.ScanReader(bytes.NewReader(text)); !errors.Is(r.Unpacked, errTooEncoded) {
		t.Errorf("read: %v", r.Unpacked)
	}
	if _, r := s.NewTracker(t.Context()).Scan(text, nil, nil); !errors.Is(r.Unpacked, errTooEncoded) {
		t.Errorf("tracked: %v", r.Unpacked)
	}
	if r := s.ScanReader(strings.NewReader(strings.Repeat(bomb, 10))); r.Unpacked != nil {
		t.Errorf("a few: %v", r.Unpacked)
	}
}

// TestTooManyCandidates: a file full of IDs is not scanned to its end, and returns an
// error.
func TestTooManyCandidates(t *testing.T) {
	if testing.Short() {
		t.Skip("scans a hundred thousand ids")
	}
	id, err := synth.New(1).Expand("{{akia}}")
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Repeat(id+"\n", 2*maxCandidates))
	s := builtin(t)
	if r := s.ScanReader(bytes.NewReader(text)); !errors.Is(r.Err, ErrTooMany) || r.Bytes == int64(len(text)) || len(r.Findings) == 0 {
		t.Errorf("read: %v, %d bytes, %d findings", r.Err, r.Bytes, len(r.Findings))
	}
	tracker := s.NewTracker(t.Context())
	trail, r := tracker.Scan(text, nil, nil)
	if !errors.Is(r.Err, ErrTooMany) || len(r.Findings) == 0 {
		t.Errorf("tracked: %v, %d findings", r.Err, len(r.Findings))
	}
	last := text[len(text)-len(id)-1:]
	_, r = tracker.Scan(last, []Segment{{Off: 0, Len: int64(len(last)), From: int64(len(text) - len(last))}}, trail)
	if r.Err != nil || len(r.Findings) != 1 {
		t.Errorf("the end of it: %v, %d findings", r.Err, len(r.Findings))
	}
}

// stopAfter is a context that is done after n calls of Err.
type stopAfter struct {
	context.Context
	n int
}

func (s *stopAfter) Err() error {
	if s.n--; s.n < 0 {
		return context.Canceled
	}
	return nil
}

// TestAnyTextCanBeInterrupted: a scan checks its context between two keywords of one
// text.
func TestAnyTextCanBeInterrupted(t *testing.T) {
	s := builtin(t)
	for name, text := range hostile(t, 16<<10) {
		ctx := &stopAfter{t.Context(), 10}
		if r := s.scanBytes(ctx, []byte(text), new(workspace)); r.Err == nil {
			t.Errorf("%s: not stopped", name)
		}
		if asked := 10 - ctx.n; asked > 100 {
			t.Errorf("%s: %d checks after the end of the context", name, asked-10)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	s := builtin(b)
	texts := hostile(b, 1<<20)
	texts["plain text"] = plainText(1 << 20)
	for name, text := range texts {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			in, ws := []byte(text), new(workspace) // as a worker reads a file
			for b.Loop() {
				s.scanReader(b.Context(), bytes.NewReader(in), ws)
			}
		})
	}
}

func ExampleScanner_NewTracker() {
	set, err := patterns.Builtin()
	if err != nil {
		panic(err)
	}
	t := New(set, Options{}).NewTracker(context.Background())
	base := []byte("nothing in this line\n")
	trail, _ := t.Scan(base, nil, nil)
	id, _ := synth.New(1).Expand("{{akia}}")
	text := append(base, id...)
	_, r := t.Scan(text, []Segment{{Off: 0, Len: int64(len(base)), From: 0}, {Off: int64(len(base)), Len: int64(len(id)), From: -1}}, trail)
	fmt.Println(len(r.Findings), r.Findings[0].Span.Line)
	// Output: 1 2
}
