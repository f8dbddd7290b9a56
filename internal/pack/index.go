package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

const (
	fanoutLen = 256 * 4
	v2Magic   = "\377tOc\x00\x00\x00\x02"
	wideFlag  = 1 << 31 // of version 2: the offset is an index of the 64-bit table
)

var errIndex = errors.New("bad index")

// index finds the objects of a pack in its .idx file, version 1 or 2. It keeps only the
// fan-out table; IDs and offsets are read on demand.
type index struct {
	r      io.ReaderAt
	size   int64
	format Format
	v1     bool
	fanout [256]uint32 // number of IDs whose first byte is at most the index
}

// newIndex reads the header and the fan-out table, and checks that the size of the file
// fits the number of objects.
func newIndex(r io.ReaderAt, size int64, format Format) (*index, error) {
	var head [len(v2Magic) + fanoutLen]byte
	if n, err := r.ReadAt(head[:], 0); n < fanoutLen || n < len(head) && err != io.EOF {
		return nil, fmt.Errorf("%w: read header: %w", errIndex, err)
	}
	x := &index{r: r, size: size, format: format}
	table := head[len(v2Magic):]
	switch {
	case string(head[:4]) != v2Magic[:4]:
		x.v1, table = true, head[:fanoutLen]
	case string(head[:8]) != v2Magic:
		return nil, fmt.Errorf("%w: unknown version %d", errIndex, binary.BigEndian.Uint32(head[4:]))
	}
	last := uint32(0)
	for i := range x.fanout {
		n := binary.BigEndian.Uint32(table[4*i:])
		if n < last {
			return nil, fmt.Errorf("%w: fan-out table not sorted", errIndex)
		}
		x.fanout[i], last = n, n
	}
	return x, x.checkSize()
}

func (x *index) checkSize() error {
	least := x.wideAt() + x.trailer()
	most := least
	if !x.v1 {
		most += 8 * x.n()
	}
	if x.size < least || x.size > most {
		return fmt.Errorf("%w: %d bytes do not hold %d objects", errIndex, x.size, x.n())
	}
	return nil
}

// count returns the number of objects.
func (x *index) count() uint32 { return x.fanout[255] }

func (x *index) n() int64 { return int64(x.count()) }

// trailer returns the length of the checksums of the pack and the index.
func (x *index) trailer() int64 { return 2 * int64(x.format.Size()) }

// Offsets in the file. Version 1 has one table of offsets and IDs. Version 2 has tables
// of IDs, of CRCs (not read), of offsets and of 64-bit offsets.

func (x *index) idsAt() int64 {
	if x.v1 {
		return fanoutLen + 4
	}
	return int64(len(v2Magic) + fanoutLen)
}

// stride returns the distance from one ID to the next.
func (x *index) stride() int64 {
	if x.v1 {
		return int64(x.format.Size()) + 4
	}
	return int64(x.format.Size())
}

func (x *index) offsetsAt() (at, stride int64) {
	if x.v1 {
		return fanoutLen, x.stride()
	}
	return x.idsAt() + x.n()*(x.stride()+4), 4
}

func (x *index) wideAt() int64 {
	if x.v1 {
		return fanoutLen + x.n()*x.stride()
	}
	at, stride := x.offsetsAt()
	return at + x.n()*stride
}

// packSum returns the checksum of the pack that the index belongs to.
func (x *index) packSum() ([]byte, error) {
	sum := make([]byte, x.format.Size())
	_, err := x.r.ReadAt(sum, x.size-x.trailer())
	return sum, err
}

// probeRead is the number of bytes of the ID table to read at once: a page.
const probeRead = 4096

// find returns the offset of an object in the pack. It starts with interpolation, because
// IDs are evenly distributed, and continues with bisection, so that a crafted index does
// not make it slow.
func (x *index) find(id ID) (off int64, ok bool, err error) {
	if id.size != uint8(x.format.Size()) {
		return 0, false, nil
	}
	sum := id.sum[:id.size]
	lo, hi := x.bucket(sum[0])
	below, above := int64(0), int64(1<<32) // the range of prefixes between lo and hi
	var page [probeRead]byte
	for try := 0; lo < hi; try++ {
		mid := (lo + hi) / 2
		if try < 3 && below < above {
			mid = lo + int64(float64(hi-lo)*float64(prefix(sum)-below)/float64(above-below))
		}
		per := probeRead / x.stride()
		from := max(lo, min(mid-per/2, hi-per))
		ids := page[:min(per, hi-from)*x.stride()]
		if err := x.read(ids, x.idsAt()+from*x.stride()); err != nil {
			return 0, false, err
		}
		switch pos, side := search(ids, int(x.stride()), sum); {
		case side < 0:
			hi, above = from, prefix(ids)
		case side > 0:
			lo, below = from+int64(pos), prefix(ids[len(ids)-int(x.stride()):])
		case pos < 0:
			return 0, false, nil
		default:
			off, err := x.offset(from + int64(pos))
			return off, err == nil, err
		}
	}
	return 0, false, nil
}

// bucket returns the range of positions of the IDs that start with b.
func (x *index) bucket(b byte) (lo, hi int64) {
	if b > 0 {
		lo = int64(x.fanout[b-1])
	}
	return lo, int64(x.fanout[b])
}

// prefix returns the four bytes after an ID's first as a number.
func prefix(sum []byte) int64 { return int64(binary.BigEndian.Uint32(sum[1:])) }

// search finds sum in sorted IDs. side is negative if all IDs are greater. It is positive
// if all are less; pos is then their number. Otherwise pos is the position of sum, or
// negative.
func search(ids []byte, stride int, sum []byte) (pos, side int) {
	lo, hi := 0, (len(ids)+stride-1)/stride
	n := hi
	for lo < hi {
		mid := (lo + hi) / 2
		switch c := bytes.Compare(sum, ids[mid*stride:][:len(sum)]); {
		case c == 0:
			return mid, 0
		case c < 0:
			hi = mid
		default:
			lo = mid + 1
		}
	}
	switch lo {
	case 0:
		return -1, -1
	case n:
		return n, 1
	}
	return -1, 0
}

// offset returns the pack offset of the object at pos in the order of IDs.
func (x *index) offset(pos int64) (int64, error) {
	at, stride := x.offsetsAt()
	var b [4]byte
	if err := x.read(b[:], at+pos*stride); err != nil {
		return 0, err
	}
	return x.widen(binary.BigEndian.Uint32(b[:]))
}

// widen returns the offset from the 64-bit table if off refers to it, and off otherwise.
func (x *index) widen(off uint32) (int64, error) {
	if x.v1 || off&wideFlag == 0 {
		return int64(off), nil
	}
	at := x.wideAt() + 8*int64(off&^wideFlag)
	if at+8 > x.size-x.trailer() {
		return 0, fmt.Errorf("%w: 64-bit offset beyond its table", errIndex)
	}
	var b [8]byte
	if err := x.read(b[:], at); err != nil {
		return 0, err
	}
	return int64(min(binary.BigEndian.Uint64(b[:]), math.MaxInt64)), nil
}

func (x *index) read(b []byte, at int64) error {
	if n, err := x.r.ReadAt(b, at); n < len(b) {
		return fmt.Errorf("read index: %w", err)
	}
	return nil
}
