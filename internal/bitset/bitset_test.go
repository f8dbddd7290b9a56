package bitset

import (
	"sync"
	"testing"
)

func TestSet(t *testing.T) {
	s := New(130)
	for _, i := range []uint32{0, 63, 64, 129} {
		s.Add(i)
	}
	for i, want := range map[uint32]bool{0: true, 1: false, 62: false, 63: true, 64: true, 65: false, 128: false, 129: true} {
		if s.Has(i) != want {
			t.Errorf("%d: %v", i, !want)
		}
	}
}

// TestShared: numbers that are added at the same time do not get lost.
func TestShared(t *testing.T) {
	const n, workers = 1000, 4
	s := NewShared(n)
	var all sync.WaitGroup
	for first := range uint32(workers) {
		all.Go(func() {
			for i := first; i < n; i += 2 * workers {
				s.Add(i)
			}
		})
	}
	all.Wait()
	for i := range uint32(n) {
		if s.Has(i) != (i%(2*workers) < workers) {
			t.Errorf("%d: %v", i, s.Has(i))
		}
	}
}
