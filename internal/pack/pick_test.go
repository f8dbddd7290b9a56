package pack

import (
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// TestPick walks some of the objects of each kind of repository, many of which
// are deltas on others that were not picked.
func TestPick(t *testing.T) {
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			r := l.make(t)
			s, all := r.open(), r.all()
			rng := rand.New(rand.NewPCG(1, 2))
			var ids []ID
			for id := range all {
				if rng.IntN(3) == 0 {
					ids = append(ids, id, id)
				}
			}
			c, err := s.Pick(context.Background(), ids)
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			seen := make(map[ID]bool)
			stats, err := Walk(context.Background(), s, WalkOptions{Catalog: c}, func(_ int, e *Entry, _ struct{}) struct{} {
				mu.Lock()
				defer mu.Unlock()
				if want := all[e.ID]; seen[e.ID] || want.typ != e.Type.String() || want.sum != sha256.Sum256(e.Data) {
					t.Errorf("%v: %v, seen before: %v", e.ID, e.Type, seen[e.ID])
				}
				seen[e.ID] = true
				return struct{}{}
			})
			if err != nil || stats.ProblemCount > 0 || stats.Unread > 0 {
				t.Errorf("%v, %v", err, stats.Problems)
			}
			if len(seen) != len(ids)/2 || c.Len() != len(ids)/2 {
				t.Errorf("%d objects of %d", len(seen), len(ids)/2)
			}
		})
	}
}

// TestPickMissing: what is not there is told.
func TestPickMissing(t *testing.T) {
	r := newRepo(t)
	gone, err := ParseID(strings.Repeat("12", 20))
	if err != nil {
		t.Fatal(err)
	}
	s := r.open()
	c, err := s.Pick(context.Background(), []ID{gone})
	if err != nil {
		t.Fatal(err)
	}
	stats, err := Walk(context.Background(), s, WalkOptions{Catalog: c}, func(int, *Entry, struct{}) struct{} { return struct{}{} })
	if err != nil || stats.ProblemCount > 0 || len(c.Absent()) != 1 || c.Absent()[0] != gone {
		t.Errorf("%v, %v", err, stats.Problems)
	}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Pick(canceled, []ID{gone}); err != context.Canceled {
		t.Error(err)
	}
}
