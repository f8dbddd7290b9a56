package pack

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Segment is a stretch of an object that was built from a delta: Len bytes at
// Off that are the base's bytes at From, or new if From is negative. The
// segments of an object lie end to end; neighbours that continue one another in
// the base are one segment.
type Segment struct {
	Off, Len, From int64
}

var (
	errDelta     = errors.New("bad delta instructions")
	errDeltaBase = errors.New("delta is for a base of another size")
)

// deltaSizes reads the two sizes at the front of a delta, its base's and its
// result's, and returns how many bytes they take, or 0 if they are malformed.
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

// applyDelta fills dst, which must have exactly the result's size, by the
// instructions of a delta, what follows the sizes, and appends what it did to segs.
func applyDelta(dst, base, ops []byte, segs []Segment) ([]Segment, error) {
	out := 0
	for i := 0; i < len(ops); {
		op := ops[i]
		i++
		if op < 0x80 {
			n := int(op)
			if n == 0 || n > len(ops)-i || n > len(dst)-out {
				return segs, errDelta
			}
			copy(dst[out:], ops[i:i+n])
			segs = extend(segs, out, n, -1)
			i, out = i+n, out+n
			continue
		}
		from, n, used := copyOp(ops[i-1:])
		if used == 0 || from > int64(len(base)-n) || n > len(dst)-out {
			return segs, errDelta
		}
		copy(dst[out:out+n], base[from:])
		segs = extend(segs, out, n, from)
		i, out = i-1+used, out+n
	}
	if out != len(dst) {
		return segs, errDelta
	}
	return segs, nil
}

// maxCopyOp is the length of the longest copy instruction.
const maxCopyOp = 8

// copyOp decodes the copy instruction at the front of ops: n bytes of the base
// at from. It returns the length of the instruction, or 0 if it is cut short.
//
// The low seven bits of the first byte say which of the four bytes of from and the
// three of n follow; the others are zero.
func copyOp(ops []byte) (from int64, n, used int) {
	op := ops[0]
	if used = 1 + bits.OnesCount8(op&0x7f); used > len(ops) {
		return 0, 0, 0
	}
	i := 1
	for shift := 0; shift < 32; shift += 8 {
		if op&1 != 0 {
			from |= int64(ops[i]) << shift
			i++
		}
		op >>= 1
	}
	for shift := 0; shift < 24; shift += 8 {
		if op&1 != 0 {
			n |= int(ops[i]) << shift
			i++
		}
		op >>= 1
	}
	if n == 0 {
		n = 0x10000
	}
	return from, n, used
}

// extend appends a segment, or makes the last one longer if this one goes on
// where it ends.
func extend(segs []Segment, off, n int, from int64) []Segment {
	if len(segs) > 0 {
		last := &segs[len(segs)-1]
		if from < 0 && last.From < 0 || from >= 0 && last.From >= 0 && last.From+last.Len == from {
			last.Len += int64(n)
			return segs
		}
	}
	return append(segs, Segment{int64(off), int64(n), from})
}
