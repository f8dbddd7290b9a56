package pack

import (
	"bufio"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
)

// Objects that are too large for memory are read here, with the standard library.

var errLength = errors.New("inflated size differs from the announced one")

// stream inflates a zlib stream that must contain exactly left more bytes.
type stream struct {
	z    io.Reader
	left int64
}

func newStream(r io.Reader, size int64) (*stream, error) {
	z, err := zlib.NewReader(bufio.NewReaderSize(r, onwardRead))
	if err != nil {
		return nil, err
	}
	return &stream{z, size}, nil
}

// Read implements [io.Reader]. It returns io.EOF only if the length and the checksum of
// the stream are right.
func (s *stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s.left == 0 {
		return 0, s.finish()
	}
	n, err := s.z.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	if err == io.EOF && s.left > 0 {
		err = errLength
	}
	return n, err
}

// finish reads the end of the zlib stream and its checksum.
func (s *stream) finish() error {
	var more [1]byte
	n, err := s.z.Read(more[:])
	if n > 0 {
		return errLength
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return err
}

// stream returns a reader of the inflated entry: an object, or delta instructions.
func (e entry) stream(h header) (*stream, error) {
	at := e.off + int64(h.len)
	return newStream(io.NewSectionReader(&e.pack.data, at, e.end-at), h.size)
}

// patch applies the delta instructions in ops to base and writes size bytes to w.
func patch(w *bufio.Writer, base *object, ops *bufio.Reader, size int64) error {
	from := base.readerAt()
	for {
		op, err := ops.Peek(maxCopyOp)
		if len(op) == 0 && err == io.EOF && size == 0 {
			return nil
		}
		if len(op) == 0 && err != io.EOF {
			return err
		}
		var src io.Reader
		var n, used int
		if len(op) > 0 && op[0] < 0x80 {
			src, n, used = ops, int(op[0]), 1
		} else if len(op) > 0 {
			var at int64
			at, n, used = copyOp(opWord(op))
			src = io.NewSectionReader(from, at, int64(n))
		}
		if used > len(op) || n == 0 || int64(n) > size {
			return errDelta
		}
		ops.Discard(used)
		if _, err := io.CopyN(w, src, int64(n)); err != nil {
			return errors.Join(errDelta, err)
		}
		size -= int64(n)
	}
}

// streamSizes is deltaSizes for a stream.
func streamSizes(r *bufio.Reader) (base, result int64, err error) {
	b, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, 0, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, 0, err
	}
	if b > maxSize || n > maxSize {
		return 0, 0, errDelta
	}
	return int64(b), int64(n), nil
}
