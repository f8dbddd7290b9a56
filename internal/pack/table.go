package pack

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"math/bits"
)

// This file reads an index sequentially, in full.

var errOrder = errors.New("index not sorted by id")

const bulkRead = 256 << 10

func (f Format) newHash() hash.Hash {
	if f == SHA256 {
		return sha256.New()
	}
	return sha1.New()
}

// verify compares the index with the checksum at its end.
func (x *index) verify() error {
	h := x.format.newHash()
	body := io.NewSectionReader(x.r, 0, x.size-int64(h.Size()))
	if _, err := io.CopyBuffer(h, onlyReader{body}, make([]byte, bulkRead)); err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	sum := make([]byte, h.Size())
	if err := x.read(sum, x.size-int64(h.Size())); err != nil {
		return err
	}
	if !bytes.Equal(sum, h.Sum(nil)) {
		return fmt.Errorf("%w: wrong checksum", errIndex)
	}
	return nil
}

// onlyReader hides the WriterTo of a reader, which would allocate its own buffer.
type onlyReader struct{ io.Reader }

// records calls visit with each record of a table of n records, stride bytes apart.
func (x *index) records(at, stride int64, visit func(pos uint32, record []byte)) error {
	buf := make([]byte, bulkRead/stride*stride)
	for pos, n := int64(0), x.n(); pos < n; {
		part := buf[:min(int64(len(buf)), (n-pos)*stride)]
		if err := x.read(part, at+pos*stride); err != nil {
			return err
		}
		for ; len(part) > 0; part = part[stride:] {
			visit(uint32(pos), part)
			pos++
		}
	}
	return nil
}

// ids calls visit with each ID, in ascending order. It visits unsorted IDs too, and then
// returns errOrder.
func (x *index) ids(visit func(pos uint32, sum []byte)) error {
	var last [32]byte
	lastPrefix := uint64(0)
	size, sorted := x.format.Size(), true
	err := x.records(x.idsAt(), x.stride(), func(pos uint32, record []byte) {
		sum := record[:size]
		prefix := binary.BigEndian.Uint64(sum)
		if prefix <= lastPrefix { // rare
			sorted = sorted && bytes.Compare(last[:size], sum) <= 0
		}
		lastPrefix = prefix
		copy(last[:], sum)
		visit(pos, sum)
	})
	if err == nil && !sorted {
		return errOrder
	}
	return err
}

// wide returns the table of 64-bit offsets.
func (x *index) wide() ([]byte, error) {
	table := make([]byte, max(0, x.size-x.trailer()-x.wideAt())&^7)
	return table, x.read(table, x.wideAt())
}

// order holds the objects of a pack by offset. A key is an offset and, in its low bits,
// the object's position in the order of IDs.
type order struct {
	keys    []uint64
	posBits int
}

func (o order) offset(i int) int64 { return int64(o.keys[i] >> o.posBits) }

func (o order) pos(i int) uint32 { return uint32(o.keys[i] & (1<<o.posBits - 1)) }

// order sorts the objects by offset. Offsets beyond the pack count as its end.
func (x *index) order(end int64) (order, error) {
	o := order{posBits: bits.Len32(x.count())}
	if o.posBits+bits.Len64(uint64(end)) > 64 {
		return o, fmt.Errorf("%w: %d objects in %d bytes of pack are too many", errIndex, x.count(), end)
	}
	wide, err := x.wide()
	if err != nil {
		return o, err
	}
	o.keys = make([]uint64, x.count())
	at, stride := x.offsetsAt()
	err = x.records(at, stride, func(pos uint32, record []byte) {
		off := uint64(binary.BigEndian.Uint32(record))
		if i := 8 * int64(off&^wideFlag); !x.v1 && off&wideFlag != 0 {
			off = math.MaxUint64
			if i < int64(len(wide)) {
				off = binary.BigEndian.Uint64(wide[i:])
			}
		}
		o.keys[pos] = min(off, uint64(end))<<o.posBits | uint64(pos)
	})
	o.sort(bits.Len64(uint64(end)))
	return o, err
}

// sort sorts the keys by the low offBits bits of their offsets. It is a radix sort from
// the least significant digit.
func (o order) sort(offBits int) {
	const digit = 11
	from, to := o.keys, make([]uint64, len(o.keys))
	for shift := o.posBits; shift < o.posBits+offBits; shift += digit {
		var start [1 << digit]int
		for _, k := range from {
			start[k>>shift%(1<<digit)]++
		}
		sum := 0
		for i, n := range start {
			start[i], sum = sum, sum+n
		}
		for _, k := range from {
			i := &start[k>>shift%(1<<digit)]
			to[*i] = k
			*i++
		}
		from, to = to, from
	}
	copy(o.keys, from)
}
