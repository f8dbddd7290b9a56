package history

import (
	"encoding/binary"
	"errors"
	"math"
	"sync/atomic"
)

// notes is a long sequence of numbers, of which small ones take a byte: written once, in
// order, and read from any place. It grows by a piece at a time, which is never moved.
type varintLog struct {
	chunks []*[chunkSize]byte
	size   int           // where the next number goes
	budget *atomic.Int64 // bytes that all notes may yet take
	full   bool          // there was none, and numbers are left out
}

const chunkSize = 1 << 16

// errNotes tells that notes came to a bound, or what is made of them: a few trees may hold
// another millions of times.
var errBudget = errors.New("it is not told where findings came from: folders have too many entries")

// maxNotes bounds what is noted of n objects, in bytes: 256 MiB and 512 an object. Packs
// that git made take some 20 an object, but a large folder takes two or more for each
// entry wherever it is no delta; bombs may hold trees of millions of entries each.
func maxLogBytes(n int) int64 { return min(256<<20+512*int64(n), math.MaxUint32) }

// No number is in two pieces. Behind lastFit there might be no room for one, so turn stands
// there, if anything: the next number is in the next piece. It looks like the first byte of
// a number of several bytes, so that next has one case to look for.
const (
	lastFit  = chunkSize - binary.MaxVarintLen64 - 1
	chunkEnd = 0x80
)

// put appends a number.
func (l *varintLog) put(x uint64) {
	if at := l.size % chunkSize; at > lastFit {
		l.chunks[l.size/chunkSize][at] = chunkEnd
		l.size += chunkSize - at
	}
	if l.size/chunkSize == len(l.chunks) {
		if l.full = l.full || l.budget.Add(-chunkSize) < 0; l.full {
			return
		}
		l.chunks = append(l.chunks, new([chunkSize]byte))
	}
	l.size += binary.PutUvarint(l.chunks[l.size/chunkSize][l.size%chunkSize:], x)
}

// reader reads notes in order. A copy of it goes on from the same place.
type logReader struct {
	chunks []*[chunkSize]byte // from the present piece on
	chunk  *[chunkSize]byte
	off    int // in it
	start  int // of the piece's beginning
}

// readFrom returns a reader that begins at i, where the notes may end.
func (l *varintLog) readFrom(i int) logReader {
	r := logReader{chunks: l.chunks[i/chunkSize:], off: i % chunkSize, start: i - i%chunkSize}
	if len(r.chunks) > 0 {
		r.chunk = r.chunks[0]
	}
	return r
}

// pos returns where the next number is.
func (r *logReader) pos() int { return r.start + r.off }

// next returns the next number.
func (r *logReader) next() uint64 {
	b := r.chunk[uint(r.off)%chunkSize]
	if b >= chunkEnd {
		return r.long()
	}
	r.off++
	return uint64(b)
}

// long is next for a number of several bytes, or in the next piece.
func (r *logReader) long() (x uint64) {
	if r.off > lastFit {
		r.chunks = r.chunks[1:]
		r.chunk, r.off, r.start = r.chunks[0], 0, r.start+chunkSize
	}
	at := uint(r.off)
	for shift := 0; ; shift += 7 {
		b := r.chunk[at%chunkSize]
		at++
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			r.off = int(at)
			return x
		}
	}
}

// zigzag encodes a signed number, so that one near zero is small.
func zigzag(x int64) uint64 { return uint64(x<<1) ^ uint64(x>>63) }

func unzigzag(code uint64) int64 { return int64(code>>1) ^ -int64(code&1) }

// near encodes a number by its distance from another.
func encodeDistance(x, other uint32) uint64 { return zigzag(int64(x) - int64(other)) }

func decodeDistance(other uint32, code uint64) uint32 { return uint32(int64(other) + unzigzag(code)) }
