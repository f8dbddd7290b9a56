package pack

import (
	"errors"
	"fmt"
)

// maxSize is the greatest size that is accepted, so that sums of a few sizes cannot
// overflow.
const maxSize = 1 << 60

// headerRead is the number of bytes to read for an entry's header: two numbers of ten
// bytes at most, or one number and an ID.
const headerRead = 64

// headRead is the number of bytes to read to inflate the first few: more than the longest
// code tables, which precede them.
const headRead = 4 << 10

var errHeader = errors.New("bad entry header")

// header is the header of an entry, before its zlib stream (gitformat-pack(5)).
type header struct {
	kind Type  // a type, offsetDelta or refDelta
	size int64 // inflated size of the object or of the delta
	back int64 // offsetDelta: distance to the base in the pack
	base ID    // refDelta
	len  int   // length of the header
}

// parseHeader parses the header at the start of b.
func parseHeader(b []byte, format Format) (header, error) {
	size, n := headerSize(b)
	if n == 0 {
		return header{}, errHeader
	}
	h := header{kind: Type(b[0] >> 4 & 7), size: size, len: n}
	switch b = b[n:]; {
	case h.kind.whole():
	case h.kind == offsetDelta:
		h.back, n = headerBack(b)
		if n == 0 {
			return header{}, errHeader
		}
		h.len += n
	case h.kind == refDelta && len(b) >= format.Size():
		h.base = NewID(b[:format.Size()])
		h.len += format.Size()
	default:
		return header{}, fmt.Errorf("%w: %v", errHeader, h.kind)
	}
	return h, nil
}

// headerSize reads the size at the start of a header: four bits of the first byte, seven
// of each other. n is 0 if it is malformed.
func headerSize(b []byte) (size int64, n int) {
	for shift := 0; n < len(b) && shift < 60; n++ {
		if n == 0 {
			size, shift = int64(b[0]&0x0f), 4
		} else {
			size |= int64(b[n]&0x7f) << shift
			shift += 7
		}
		if b[n] < 0x80 {
			return size, n + 1
		}
	}
	return 0, 0
}

// headerBack reads the distance to a delta's base: seven bits a byte, most
// significant first, one added for each byte that follows.
func headerBack(b []byte) (back int64, n int) {
	for n < len(b) && back < maxSize>>8 {
		back = back<<7 | int64(b[n]&0x7f)
		n++
		if b[n-1] < 0x80 {
			return back, n
		}
		back++
	}
	return 0, 0
}
