package pack

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// A Segment is a range of an object that was built from a delta: the Len bytes at Off are
// copied from the base's offset From, or new if From is negative. The segments of an
// object cover it in order. A copy shorter than minCopy that does not continue the
// previous one counts as new, because tracking it costs more than scanning it.
//
// It is an alias of an unnamed struct, and scanner.Segment is the same type: a visitor
// passes segments to the scanner without a copy, and neither package imports the other.
type Segment = struct{ Off, Len, From int64 }

const minCopy = 32

var (
	errDelta     = errors.New("bad delta instructions")
	errDeltaBase = errors.New("delta is for a base of another size")
)

// deltaSizes reads the sizes of the base and of the result at the start of a delta. It
// returns the number of bytes they take, or 0 if they are malformed.
func deltaSizes(delta []byte) (base, result int64, n int) {
	b, i := binary.Uvarint(delta)
	if i <= 0 {
		return 0, 0, 0
	}
	r, j := binary.Uvarint(delta[i:])
	if j <= 0 || b > maxSize || r > maxSize {
		return 0, 0, 0
	}
	return int64(b), int64(r), i + j
}

// applyDelta fills dst, which must have the size of the result, by the instructions of a
// delta, and appends its segments.
func applyDelta(dst, base, ops []byte, segs []Segment) ([]Segment, error) {
	out := 0
	for i := 0; i < len(ops); {
		op := ops[i]
		if op < 0x80 {
			i++
			n := int(op)
			if n == 0 || n > len(ops)-i || n > len(dst)-out {
				return segs, errDelta
			}
			copy(dst[out:], ops[i:i+n])
			segs = extend(segs, out, n, -1)
			i, out = i+n, out+n
			continue
		}
		from, n, used := copyOp(opWord(ops[i:]))
		if used > len(ops)-i || from > int64(len(base)-n) || n > len(dst)-out {
			return segs, errDelta
		}
		copy(dst[out:out+n], base[from:])
		segs = extend(segs, out, n, from)
		i, out = i+used, out+n
	}
	if out != len(dst) {
		return segs, errDelta
	}
	return segs, nil
}

// maxCopyOp is the length of the longest copy instruction.
const maxCopyOp = 8

// opWord returns the first maxCopyOp bytes of b, padded with zeros.
func opWord(ops []byte) uint64 {
	if len(ops) >= maxCopyOp {
		return binary.LittleEndian.Uint64(ops)
	}
	var b [maxCopyOp]byte
	copy(b[:], ops)
	return binary.LittleEndian.Uint64(b[:])
}

// copyOp decodes the copy instruction at the low end of word: n bytes of the base at
// from. It returns the length of the instruction.
//
// The low seven bits of the first byte select which of the four bytes of from and the
// three bytes of n follow; the others are zero. Usually those are the high bytes. That
// case has no branch on their number, which the processor could not predict.
func copyOp(word uint64) (from int64, n, used int) {
	froms, sizes := uint(word&0x0f), uint(word>>4&0x07)
	word >>= 8
	if froms&(froms+1)|sizes&(sizes+1) != 0 {
		return sparseOp(word, froms, sizes)
	}
	f, s := bits.Len(froms), bits.Len(sizes)
	from = int64(word & (1<<(8*f&63) - 1))
	n = int(word >> (8 * f & 63) & (1<<(8*s&63) - 1))
	if n == 0 {
		n = 0x10000
	}
	return from, n, 1 + f + s
}

// sparseOp decodes a copy instruction, without its first byte, with any bytes omitted.
func sparseOp(word uint64, froms, sizes uint) (from int64, n, used int) {
	used = 1
	pick := func(flags uint) (v int64) {
		for shift := 0; flags != 0; shift += 8 {
			if flags&1 != 0 {
				v |= int64(word&0xff) << shift
				word >>= 8
				used++
			}
			flags >>= 1
		}
		return v
	}
	from, n = pick(froms), int(pick(sizes))
	if n == 0 {
		n = 0x10000
	}
	return from, n, used
}

// extend appends a segment, or extends the last one if this one continues it.
func extend(segs []Segment, off, n int, from int64) []Segment {
	if len(segs) > 0 {
		last := &segs[len(segs)-1]
		goesOn := from >= 0 && last.From >= 0 && last.From+last.Len == from
		if goesOn || last.From < 0 && (from < 0 || n < minCopy) {
			last.Len += int64(n)
			return segs
		}
	}
	if n < minCopy {
		from = -1
	}
	return append(segs, Segment{Off: int64(off), Len: int64(n), From: from})
}
