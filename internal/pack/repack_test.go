package pack

import (
	"context"
	"sync"
	"testing"
)

// A repack in the midst of a walk takes nothing away from it: the packs are open, or
// their objects are found where they have gone.
func TestRepackDuringWalk(t *testing.T) {
	for _, tt := range []struct {
		name string
		open int32 // files that count as open already
	}{{"files kept open", 0}, {"too many files to keep", maxOpen}} {
		t.Run(tt.name, func(t *testing.T) {
			r := layout(t, "several packs and loose")
			want := r.all()
			s := r.open()
			s.open.Store(tt.open)
			v := visits{t: t}
			var once sync.Once
			st, err := Walk(context.Background(), s, WalkOptions{Workers: 2}, func(worker int, e *Entry, base []byte) []byte {
				once.Do(func() { r.git("repack", "-adfkq"); r.git("prune-packed") })
				return v.visit(worker, e, base)
			})
			if err != nil || st.ProblemCount > 0 {
				t.Error(err, st)
			}
			compare(t, v.seen, want)
		})
	}
}

// Walks while packs and loose objects come and go all the time.
func TestWalkDuringRepacks(t *testing.T) {
	r := layout(t, "several packs and loose")
	want := r.all()
	s := r.open()
	done := make(chan bool)
	go func() {
		defer close(done)
		for seed := range uint64(4) {
			r.git("repack", "-adfkq")
			r.git("prune-packed")
			r.fill(10+seed, 3, "-c", "fastimport.unpackLimit=100000")
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		v := visits{t: t}
		st, err := Walk(context.Background(), s, WalkOptions{}, v.visit)
		if err != nil || st.ProblemCount > 0 {
			t.Error(err, st)
		}
		for id, w := range want {
			if v.seen[id] != w {
				t.Errorf("%v: got %v, want %v", id, v.seen[id], w)
			}
		}
	}
}
