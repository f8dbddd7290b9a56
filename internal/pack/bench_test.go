package pack

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchRepo is a repository of a few thousand objects in one pack.
func benchRepo(b *testing.B) (*Store, *Catalog) {
	b.Helper()
	r := newRepo(b)
	r.fill(1, 1000)
	r.git("repack", "-adfq", "--depth=50", "--window=20")
	s := r.open()
	c, err := s.Catalog(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return s, c
}

func BenchmarkWalk(b *testing.B) {
	s, _ := benchRepo(b)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprint(workers, " workers"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				st, err := Walk(context.Background(), s, WalkOptions{Workers: workers}, func(int, *Entry, struct{}) (_ struct{}) { return })
				if err != nil || st.ProblemCount > 0 {
					b.Fatal(err, st.Problems)
				}
				b.SetBytes(st.Bytes)
			}
		})
	}
}

func BenchmarkCatalog(b *testing.B) {
	s, _ := benchRepo(b)
	for b.Loop() {
		c, err := s.Catalog(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(c.Len()), "objects")
	}
}

// shuffled returns ids in random order.
func shuffled(c *Catalog) []ID {
	ids := make([]ID, c.Len())
	for i, num := range rand.New(rand.NewPCG(1, 2)).Perm(c.Len()) {
		ids[i] = c.ID(uint32(num))
	}
	return ids
}

func BenchmarkFind(b *testing.B) {
	_, c := benchRepo(b)
	ids := shuffled(c)
	i := 0
	for b.Loop() {
		if !c.Has(ids[i]) {
			b.Fatal(ids[i])
		}
		if i++; i == len(ids) {
			i = 0
		}
	}
}

func BenchmarkRead(b *testing.B) {
	s, c := benchRepo(b)
	ids := shuffled(c)
	for _, tt := range []struct {
		name string
		anew bool
	}{{"warm", false}, {"store opened anew", true}} {
		b.Run(tt.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				if tt.anew {
					s.Close()
					s, _ = Open(Options{Dir: s.dirs[0]})
				}
				if _, _, err := s.Read(ids[i], 0); err != nil {
					b.Fatal(err)
				}
				if i++; i == len(ids) {
					i = 0
				}
			}
		})
	}
}
