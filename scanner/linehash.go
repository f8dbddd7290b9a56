package scanner

import (
	"bufio"
	"bytes"
	"errors"
	"hash/maphash"
	"io"

	"github.com/keyguard/keyguard/internal/decode"
)

// maxLine is the size up to which a line is in memory in full when it is hashed.
const maxLine = 16 << 10

// line is a line of a text. The zero value is a line without a counterpart.
type line struct {
	hash   uint64
	exists bool
}

// lineReader hashes the lines of a stream, of any length, without their line breaks.
type lineReader struct {
	io.Closer
	in   *bufio.Reader
	seed maphash.Seed
	err  error // other than io.EOF
}

// lineBreak is the bytes that are removed at both ends of a line: in UTF-16, a line break
// has zeros next to it.
const lineBreak = "\x00\r\n"

// next returns the next line, or the zero value at the end.
func (r *lineReader) next() line {
	part, err := r.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return r.nextLong(part)
	}
	r.recordErr(err)
	if len(part) == 0 {
		return line{}
	}
	return line{maphash.Bytes(r.seed, bytes.Trim(part, lineBreak)), true}
}

// nextLong hashes a line whose first part fills the buffer.
func (r *lineReader) nextLong(part []byte) line {
	var read, kept maphash.Hash // kept ends with the last byte that is not removed
	read.SetSeed(r.seed)
	kept.SetSeed(r.seed)
	begun := false
	for more := true; ; {
		if !begun {
			part = bytes.TrimLeft(part, lineBreak)
			begun = len(part) > 0
		}
		if n := len(bytes.TrimRight(part, lineBreak)); n > 0 {
			read.Write(part[:n])
			part, kept = part[n:], read
		}
		read.Write(part)
		if !more {
			return line{kept.Sum64(), true}
		}
		var err error
		part, err = r.in.ReadSlice('\n')
		if more = errors.Is(err, bufio.ErrBufferFull); !more {
			r.recordErr(err)
		}
	}
}

func (r *lineReader) recordErr(err error) {
	if err != io.EOF {
		r.err = err
	}
}

// skipMark skips a byte order mark, which is not part of the first line.
func (r *lineReader) skipMark() {
	head, _ := r.in.Peek(3)
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff", "\xff"} { // the last is a narrowed one
		if bytes.HasPrefix(head, []byte(mark)) {
			r.in.Discard(len(mark))
			return
		}
	}
}

// narrowReader reads text in wide units as one byte for each.
type narrowReader struct {
	units decode.Units
	in    *bufio.Reader
}

// Read implements io.Reader.
func (r *narrowReader) Read(p []byte) (int, error) {
	wide, err := r.in.Peek(r.units.Size * min(len(p), r.in.Size()/r.units.Size))
	n := len(r.units.Narrow(p[:0], wide))
	if n == 0 {
		return 0, err
	}
	r.in.Discard(n * r.units.Size)
	return n, nil
}
