package inflate

import (
	"bytes"
	"fmt"
	stdadler "hash/adler32"
	"testing"
)

func TestAdler32(t *testing.T) {
	full := bytes.Repeat([]byte{255}, 20_000) // the largest sums
	for n := range 1200 {
		for _, b := range [][]byte{prose(n), full[:n], full[:n*16]} {
			if got, want := adler32(b), stdadler.Checksum(b); got != want {
				t.Fatalf("%d bytes: %08x, want %08x", len(b), got, want)
			}
		}
	}
}

func BenchmarkAdler32(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		data := prose(n)
		b.Run(fmt.Sprintf("%d/inflate", n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				adler32(data)
			}
		})
		b.Run(fmt.Sprintf("%d/hash-adler32", n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				stdadler.Checksum(data)
			}
		})
	}
}
