package history

import (
	"encoding/binary"
	"errors"
	"math"
	"sync/atomic"
)

// notes is a long sequence of numbers, of which small ones take a byte: written once, in
// order, and read from any place. It grows by a piece at a time, which is never moved.
type notes struct {
	pieces []*[pieceSize]byte
	n      int           // where the next number goes
	room   *atomic.Int64 // bytes that all notes may yet take
	full   bool          // there was none, and numbers are left out
}

const pieceSize = 1 << 16

// errNotes tells that notes came to a bound, or what is made of them: a few trees may hold
// another millions of times.
var errNotes = errors.New("it is not told where findings came from: folders have too many entries")

// maxNotes bounds what is noted of n objects, in bytes: 256 MiB and 512 an object. Packs
// that git made take some 20 an object, but a large folder takes two or more for each
// entry wherever it is no delta; bombs may hold trees of millions of entries each.
func maxNotes(n int) int64 { return min(256<<20+512*int64(n), math.MaxUint32) }

// No number is in two pieces. Behind lastFit there might be no room for one, so turn stands
// there, if anything: the next number is in the next piece. It looks like the first byte of
// a number of several bytes, so that next has one case to look for.
const (
	lastFit = pieceSize - binary.MaxVarintLen64 - 1
	turn    = 0x80
)

// put appends a number.
func (l *notes) put(x uint64) {
	if at := l.n % pieceSize; at > lastFit {
		l.pieces[l.n/pieceSize][at] = turn
		l.n += pieceSize - at
	}
	if l.n/pieceSize == len(l.pieces) {
		if l.full = l.full || l.room.Add(-pieceSize) < 0; l.full {
			return
		}
		l.pieces = append(l.pieces, new([pieceSize]byte))
	}
	l.n += binary.PutUvarint(l.pieces[l.n/pieceSize][l.n%pieceSize:], x)
}

// reader reads notes in order. A copy of it goes on from the same place.
type reader struct {
	rest  []*[pieceSize]byte // from the present piece on
	piece *[pieceSize]byte
	at    int // in it
	i     int // of the piece's beginning
}

// readFrom returns a reader that begins at i, where the notes may end.
func (l *notes) readFrom(i int) reader {
	r := reader{rest: l.pieces[i/pieceSize:], at: i % pieceSize, i: i - i%pieceSize}
	if len(r.rest) > 0 {
		r.piece = r.rest[0]
	}
	return r
}

// pos returns where the next number is.
func (r *reader) pos() int { return r.i + r.at }

// next returns the next number.
func (r *reader) next() uint64 {
	b := r.piece[uint(r.at)%pieceSize]
	if b >= turn {
		return r.long()
	}
	r.at++
	return uint64(b)
}

// long is next for a number of several bytes, or in the next piece.
func (r *reader) long() (x uint64) {
	if r.at > lastFit {
		r.rest = r.rest[1:]
		r.piece, r.at, r.i = r.rest[0], 0, r.i+pieceSize
	}
	at := uint(r.at)
	for shift := 0; ; shift += 7 {
		b := r.piece[at%pieceSize]
		at++
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			r.at = int(at)
			return x
		}
	}
}

// zigzag encodes a signed number, so that one near zero is small.
func zigzag(x int64) uint64 { return uint64(x<<1) ^ uint64(x>>63) }

func unzigzag(code uint64) int64 { return int64(code>>1) ^ -int64(code&1) }

// near encodes a number by its distance from another.
func near(x, other uint32) uint64 { return zigzag(int64(x) - int64(other)) }

func nearTo(other uint32, code uint64) uint32 { return uint32(int64(other) + unzigzag(code)) }
