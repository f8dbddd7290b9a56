package proof

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// FuzzCheck: no value makes a check of any kind panic, and facts are short and printable.
func FuzzCheck(f *testing.F) {
	list := samples()
	for _, s := range list {
		f.Add(s.expand(f, 1))
	}
	f.Add(bytes.Repeat([]byte("-----BEGIN "), 1000))
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, s := range list {
			r := s.proof.Check(value)
			if r.Reason == "" {
				t.Errorf("%s: %s without a reason", s.name, r.Verdict)
			}
			for _, fact := range r.Facts.List() {
				if len(fact.Value) > maxFact || strings.ContainsAny(fact.Value, "\x00\n\x1b") {
					t.Errorf("%s: fact %s is %q", s.name, fact.Name, fact.Value)
				}
			}
		}
	})
}

// TestIsBounded: values of the greatest length take a short time, whatever they repeat.
func TestIsBounded(t *testing.T) {
	for _, piece := range []string{
		"-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\n", "a.", "eyJ", "1", "A", "AgEI", "{\"a\":", "[", "\\", "://a:b@", "T3BlbkFJ", "PuTTY-User-Key-File-2: x\nPublic-Lines: 1\n",
	} {
		value := []byte(strings.Repeat(piece, MaxValue/len(piece)))
		for _, s := range samples() {
			start := time.Now()
			s.proof.Check(value)
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("%s on %q takes %s", s.name, piece, took)
			}
		}
	}
}

// TestAllocatesInProportion: a check allocates a few times its value at most.
func TestAllocatesInProportion(t *testing.T) {
	for _, s := range samples() {
		text := s.expand(t, 1)
		if n := testing.AllocsPerRun(10, func() { s.proof.Check(text) }); n > 400 {
			t.Errorf("%s allocates %.0f times", s.name, n)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, s := range samples() {
		text := s.expand(b, 1)
		b.Run(strings.ReplaceAll(s.name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.proof.Check(text)
			}
		})
	}
}
