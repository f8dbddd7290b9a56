package inflate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The errors of this package; test with errors.Is.
var (
	// ErrCorrupt reports a stream that breaks RFC 1950 or RFC 1951.
	ErrCorrupt = errors.New("inflate: corrupt stream")
	// ErrSize reports a stream that inflates to more or fewer bytes than its destination holds.
	ErrSize = errors.New("inflate: inflated size differs from the announced one")
	// ErrChecksum reports inflated bytes whose Adler-32 is not the one that ends the stream.
	ErrChecksum = errors.New("inflate: wrong checksum")
	// ErrTruncated reports a stream that goes on where the input ends.
	ErrTruncated = fmt.Errorf("inflate: stream cut short: %w", io.ErrUnexpectedEOF)
)

const (
	headerLen   = 2 // CMF and FLG
	checksumLen = 4 // Adler-32, big-endian
)

// MaxRatio is how many bytes Deflate makes of one at most: two codes of a bit each for a
// match of 258 bytes (RFC 1951) are a quarter of a byte. An announced size beyond that is
// a lie, and nothing should be allocated for it.
const MaxRatio = 1032

// A Decoder inflates zlib streams, one after the other. The zero value is ready.
// It holds about 25 KB of tables and must not be used by two goroutines at once.
type Decoder struct {
	tables tables
	std    io.ReadCloser // a zlib.Reader, made when first needed
}

// Zlib inflates the zlib stream (RFC 1950) at the front of src into dst, which must
// have exactly the inflated length, and returns how many bytes of src it takes up,
// header and checksum included. What follows the stream in src is ignored, though
// decoding is fastest when at least 16 bytes do. After an error, one of this
// package's, the content of dst is undefined.
func (d *Decoder) Zlib(dst, src []byte) (n int, err error) {
	s := stream{dst: dst, src: src}
	if n, ok := d.fastZlib(&s); ok {
		return n, nil
	}
	return d.slowZlib(dst, src)
}

// Prefix inflates the first len(dst) bytes of the zlib stream at the front of src, or all
// of it if it is shorter, and returns how many it wrote, which are right even if there is
// an error. It reads no further than it must, and no checksum, so src may be cut anywhere
// behind what is needed. It costs what len(dst) bytes cost, however large the stream.
func (d *Decoder) Prefix(dst, src []byte) (n int, err error) {
	s := stream{dst: dst, src: src}
	if plainHeader(src) {
		s.in = headerLen
		if ended := d.tables.inflate(&s); ended || s.out == len(dst) {
			return s.out, nil
		}
	}
	return d.slowPrefix(dst, src)
}

// Deflate inflates the Deflate stream (RFC 1951) at the front of src into dst. It returns
// the length of the stream, and whether it ends where dst does. If not, what is wrong is
// for compress/flate to tell, as is any doubt of this package. There is no checksum to
// compare.
func (d *Decoder) Deflate(dst, src []byte) (n int, ok bool) {
	s := stream{dst: dst, src: src}
	ok = d.tables.inflate(&s) && s.out == len(dst)
	return s.in, ok
}

// zlib is Zlib for streams that are right. The reason why one is not, if indeed it
// is not, is for slowZlib to tell.
func (d *Decoder) fastZlib(s *stream) (n int, ok bool) {
	if !plainHeader(s.src) {
		return 0, false
	}
	s.in = headerLen
	if !d.tables.inflate(s) || s.out < len(s.dst) || len(s.src)-s.in < checksumLen {
		return 0, false
	}
	sum := binary.BigEndian.Uint32(s.src[s.in:])
	return s.in + checksumLen, sum == adler32(s.dst)
}

// plainHeader reports whether src begins with a zlib header that asks for Deflate,
// a window of at most 32 KB, and no preset dictionary.
func plainHeader(src []byte) bool {
	if len(src) < headerLen {
		return false
	}
	cmf, flg := src[0], src[1]
	return cmf&0x0f == 8 && cmf>>4 <= 7 && flg&0x20 == 0 && (uint(cmf)<<8|uint(flg))%31 == 0
}

// slowZlib is Zlib by the standard library, which has the last word on every stream
// that the fast decoder does not take.
func (d *Decoder) slowZlib(dst, src []byte) (int, error) {
	in := bytes.NewReader(src)
	n, err := d.slowRead(in, dst)
	if err == nil {
		var more [1]byte // there should be none, and the checksum behind it
		var m int
		m, err = readFull(d.std, more[:])
		n += m
	}
	switch {
	case err != nil && err != io.EOF:
		return 0, translateError(err)
	case n != len(dst):
		return 0, ErrSize
	}
	return len(src) - in.Len(), nil
}

// slowPrefix is Prefix by the standard library.
func (d *Decoder) slowPrefix(dst, src []byte) (int, error) {
	n, err := d.slowRead(bytes.NewReader(src), dst)
	if n == len(dst) || err == io.EOF {
		return n, nil
	}
	return n, translateError(err)
}

// slowRead inflates from in until dst is full or err is not nil: io.EOF at the end
// of an intact stream.
func (d *Decoder) slowRead(in *bytes.Reader, dst []byte) (n int, err error) {
	if d.std == nil {
		d.std, err = zlib.NewReader(in)
	} else {
		err = d.std.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		return 0, err
	}
	return readFull(d.std, dst)
}

// fill reads until b is full or r reports an error.
func readFull(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}

// verdict translates an error of compress/zlib into one of this package.
func translateError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(err, zlib.ErrChecksum):
		return ErrChecksum
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}
