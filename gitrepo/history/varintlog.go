package history

import (
	"encoding/binary"
	"errors"
	"math"
	"sync/atomic"
)

// varintLog is a long sequence of varints, which is written once in order and can be read
// from any position. It grows by chunks and never moves.
type varintLog struct {
	chunks []*[chunkSize]byte
	size   int           // position of the next number
	budget *atomic.Int64 // bytes that all logs may still use
	full   bool          // the budget is exhausted, and numbers are missing
}

const chunkSize = 1 << 16

// errBudget reports that attribution exceeds its limit of memory or work: a few trees can
// contain another one millions of times.
var errBudget = errors.New("cannot attribute findings to commits: directories have too many entries")

// maxLogBytes returns the memory limit of the logs for n objects: 256 MiB plus 512 bytes
// per object. Packs written by git need about 20 bytes per object. A large directory
// needs two or more bytes per entry whenever it is not a delta, and a crafted pack may
// have trees with millions of entries.
func maxLogBytes(n int) int64 { return min(256<<20+512*int64(n), math.MaxUint32) }

// No number crosses a chunk boundary. If the position is after lastFit, chunkEnd marks
// that the next number is in the next chunk. It looks like the first byte of a longer
// number, so next has only one special case.
const (
	lastFit  = chunkSize - binary.MaxVarintLen64 - 1
	chunkEnd = 0x80
)

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

// logReader reads a varintLog in order. A copy continues from the same position.
type logReader struct {
	chunks []*[chunkSize]byte // from the current one on
	chunk  *[chunkSize]byte
	off    int // offset in the chunk
	start  int // position of the chunk
}

// readFrom returns a reader at position i, which may be the end of the log.
func (l *varintLog) readFrom(i int) logReader {
	r := logReader{chunks: l.chunks[i/chunkSize:], off: i % chunkSize, start: i - i%chunkSize}
	if len(r.chunks) > 0 {
		r.chunk = r.chunks[0]
	}
	return r
}

// pos returns the position of the next number.
func (r *logReader) pos() int { return r.start + r.off }

func (r *logReader) next() uint64 {
	b := r.chunk[uint(r.off)%chunkSize]
	if b >= chunkEnd {
		return r.long()
	}
	r.off++
	return uint64(b)
}

// long is next for a number of several bytes, or one in the next chunk.
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

// zigzag encodes a signed number, so that numbers near zero are small.
func zigzag(x int64) uint64 { return uint64(x<<1) ^ uint64(x>>63) }

func unzigzag(code uint64) int64 { return int64(code>>1) ^ -int64(code&1) }

// encodeDistance encodes x by its distance from other.
func encodeDistance(x, other uint32) uint64 { return zigzag(int64(x) - int64(other)) }

func decodeDistance(other uint32, code uint64) uint32 { return uint32(int64(other) + unzigzag(code)) }
