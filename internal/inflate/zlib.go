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
	// ErrSize reports a stream whose inflated size differs from the length of its destination.
	ErrSize = errors.New("inflate: inflated size differs from the declared size")
	// ErrChecksum reports inflated bytes whose Adler-32 is not the one that ends the stream.
	ErrChecksum = errors.New("inflate: wrong checksum")
	// ErrTruncated reports a stream that continues past the end of the input.
	ErrTruncated = fmt.Errorf("inflate: truncated stream: %w", io.ErrUnexpectedEOF)
)

const (
	headerLen   = 2 // CMF and FLG
	checksumLen = 4 // Adler-32, big-endian
)

// MaxRatio is the largest expansion of a Deflate stream: a match of 258 bytes takes at
// least two bits, one each for its length and distance codes (RFC 1951). A declared size
// beyond it is invalid and must not be allocated.
const MaxRatio = 1032

// A Decoder inflates zlib streams, one after the other. The zero value is ready to use.
// It holds about 25 KB of tables and is not safe for concurrent use.
type Decoder struct {
	tables tables
	std    io.ReadCloser // a zlib.Reader, created on first use
}

// Zlib inflates the zlib stream (RFC 1950) at the start of src into dst, which must have
// exactly the inflated length. It returns the length of the stream, header and checksum
// included. Bytes after the stream are ignored, though decoding is fastest if there are
// at least 16. After an error, one of this package's, the content of dst is undefined.
func (d *Decoder) Zlib(dst, src []byte) (n int, err error) {
	s := stream{dst: dst, src: src}
	if n, ok := d.fastZlib(&s); ok {
		return n, nil
	}
	return d.slowZlib(dst, src)
}

// Prefix inflates the first len(dst) bytes of the zlib stream at the start of src, or all
// of it if it is shorter. It returns the number of bytes written, which are correct even
// after an error. It reads only the input that these bytes need, and no checksum, so src
// may be truncated after it. The cost depends on len(dst), not on the size of the stream.
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

// Deflate inflates the Deflate stream (RFC 1951) at the start of src into dst. It returns
// the length of the stream, and reports whether it ends where dst does. If it reports
// false, use compress/flate to decode the stream or to get its error. There is no
// checksum.
func (d *Decoder) Deflate(dst, src []byte) (n int, ok bool) {
	s := stream{dst: dst, src: src}
	ok = d.tables.inflate(&s) && s.out == len(dst)
	return s.in, ok
}

// fastZlib is Zlib for valid streams. If ok is false, slowZlib decodes the stream or
// returns its error.
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

// plainHeader reports whether src starts with a zlib header that requires Deflate, a
// window of at most 32 KB, and no preset dictionary.
func plainHeader(src []byte) bool {
	if len(src) < headerLen {
		return false
	}
	cmf, flg := src[0], src[1]
	return cmf&0x0f == 8 && cmf>>4 <= 7 && flg&0x20 == 0 && (uint(cmf)<<8|uint(flg))%31 == 0
}

// slowZlib is Zlib by the standard library, for streams that the fast decoder rejects.
func (d *Decoder) slowZlib(dst, src []byte) (int, error) {
	in := bytes.NewReader(src)
	n, err := d.slowRead(in, dst)
	if err == nil {
		var more [1]byte // expects the end, and verifies the checksum before it
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

// slowRead inflates from in until dst is full or err is not nil. It returns io.EOF at the
// end of a valid stream.
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

// readFull reads until b is full or r returns an error.
func readFull(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}

// translateError returns the error of this package for one of compress/zlib.
func translateError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(err, zlib.ErrChecksum):
		return ErrChecksum
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}
