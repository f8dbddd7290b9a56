package pack

import (
	"math/rand/v2"
	"testing"
)

func TestUnary(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 7))
		numbers := make([]uint32, 1+rng.IntN(1000))
		for i := range numbers {
			if rng.IntN(3) == 0 {
				numbers[i] = rng.Uint32N(1 << rng.IntN(10))
			}
		}
		u, sum := newUnary(numbers), uint32(0)
		for i, n := range numbers {
			if from, to := u.span(uint32(i)); from != sum || to != sum+n {
				t.Fatalf("seed %d: number %d of %d: %d to %d, want %d to %d", seed, i, len(numbers), from, to, sum, sum+n)
			}
			sum += n
		}
	}
}
