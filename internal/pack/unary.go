package pack

import "math/bits"

// unary is a compact sequence of numbers, each stored as that many one bits and a zero
// bit: two bits per number if the average is 1.
type unary struct {
	words []uint64
	marks []uint32 // the position of the bits of every 64th number
}

// newUnary returns the sequence of numbers. Their sum and their count must be less than
// 1<<31.
func newUnary(numbers []uint32) unary {
	sum := 0
	for _, n := range numbers {
		sum += int(n)
	}
	u := unary{words: make([]uint64, (sum+len(numbers))/64+1), marks: make([]uint32, 0, len(numbers)/64+1)}
	at := uint32(0)
	for i, n := range numbers {
		if i%64 == 0 {
			u.marks = append(u.marks, at)
		}
		for ; n > 0; n-- {
			u.words[at/64] |= 1 << (at % 64)
			at++
		}
		at++
	}
	return u
}

// span returns the sum of the numbers before index i, and the sum up to and including it.
func (u *unary) span(i uint32) (from, to uint32) {
	at := u.marks[i/64]
	for zeros := int(i % 64); zeros > 0; {
		rest := ^u.words[at/64] >> (at % 64)
		if n := bits.OnesCount64(rest); n < zeros {
			zeros -= n
			at = at&^63 + 64
			continue
		}
		for ; zeros > 1; zeros-- {
			rest &= rest - 1
		}
		at += uint32(bits.TrailingZeros64(rest)) + 1
		break
	}
	from = at - i
	for {
		ones := uint32(bits.TrailingZeros64(^(u.words[at/64] >> (at % 64))))
		at += ones
		if ones == 0 || at%64 > 0 {
			return from, at - i
		}
	}
}
