package history

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

// TestVarintLog: what is put in comes out, from the beginning and from any place.
func TestVarintLog(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var room atomic.Int64
	room.Store(1 << 20)
	l := varintLog{budget: &room}
	var places []int
	var want []uint64
	for range 100_000 {
		x := rng.Uint64() >> rng.IntN(64)
		places, want = append(places, l.size), append(want, x)
		l.put(x)
	}
	l.put(math.MaxUint64)
	r := l.readFrom(0)
	for i, x := range want {
		other := l.readFrom(places[i])
		if got, again := r.next(), other.next(); got != x || again != x {
			t.Fatalf("number %d: %d, and %d from its place, want %d", i, got, again, x)
		}
		if r.pos() != other.pos() {
			t.Fatalf("number %d ends at %d and at %d", i, r.pos(), other.pos())
		}
	}
	if r.next() != math.MaxUint64 || r.pos() != l.size {
		t.Errorf("the end is at %d, want %d", r.pos(), l.size)
	}
}

func TestDistance(t *testing.T) {
	for _, x := range []uint32{0, 1, 1 << 31, math.MaxUint32} {
		for _, y := range []uint32{0, 1, 1 << 31, math.MaxUint32} {
			if got := decodeDistance(y, encodeDistance(x, y)); got != x {
				t.Errorf("%d near %d: %d", x, y, got)
			}
		}
	}
	for _, x := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64} {
		if got := unzigzag(zigzag(x)); got != x {
			t.Errorf("%d: %d", x, got)
		}
	}
}
