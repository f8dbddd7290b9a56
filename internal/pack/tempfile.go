package pack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// Bounds of the temporary files of one walk or store.
const (
	defaultTempBytes = 4 << 30 // bytes
	maxTempFiles    = 200     // files
)

// spools makes temporary files for objects too large to be held in memory, and
// bounds their sum: a few bytes of delta can ask for any amount of disk.
type tempFiles struct {
	dir  string // "": the system's
	budget atomic.Int64
	open atomic.Int32
}

// spool is one such file.
type tempFile struct {
	*os.File
	from *tempFiles
	size int64
	unlinked bool // it has no name any more, as can be where the system allows it
}

// create makes a file for size bytes.
func (s *tempFiles) create(size int64) (*tempFile, error) {
	f := &tempFile{from: s, size: size}
	if bytes, files := s.budget.Add(-size), s.open.Add(1); bytes < 0 || files > maxTempFiles {
		f.release()
		return nil, fmt.Errorf("%w: no room for a temporary file of %d bytes", ErrTooLarge, size)
	}
	var err error
	if f.File, err = os.CreateTemp(s.dir, "object-*"); err != nil {
		f.release()
		return nil, fmt.Errorf("object too large for memory: %v", err)
	}
	f.unlinked = os.Remove(f.Name()) == nil
	return f, nil
}

func (f *tempFile) release() {
	f.from.budget.Add(f.size)
	f.from.open.Add(-1)
}

// fill makes a file of exactly size bytes, which write must write.
func (s *tempFiles) fill(size int64, write func(w *bufio.Writer) error) (*tempFile, error) {
	f, err := s.create(size)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, onwardRead)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Close removes the file.
func (f *tempFile) Close() error {
	err := f.File.Close()
	if !f.unlinked {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	f.release()
	return err
}

// object is an object in memory or, if it is too large for that, in a file or, if
// it needs to be read only once, a stream.
type object struct {
	typ    Type // 0: the object could not be read
	size   int64
	data   []byte
	buf    []byte // what data is a part of, to be given back
	file   *tempFile
	stream io.ReadCloser
	err    error // why it could not be read
}

// readerAt reads the object, wherever it is.
func (o *object) readerAt() io.ReaderAt {
	if o.file != nil {
		return o.file
	}
	return bytes.NewReader(o.data)
}

// spill moves an object from memory to a file.
func (o *object) spill(to *tempFiles, free *buffers) error {
	f, err := to.fill(o.size, func(w *bufio.Writer) error {
		_, err := w.Write(o.data)
		return err
	})
	if err != nil {
		return err
	}
	free.put(o.buf)
	o.data, o.buf, o.file = nil, nil, f
	return nil
}

// unspill brings an object back to memory.
func (o *object) unspill(free *buffers) error {
	data := free.get(int(o.size))
	if n, err := o.file.ReadAt(data, 0); n < len(data) {
		free.put(data)
		return fmt.Errorf("read temporary file: %w", err)
	}
	o.file.Close()
	o.data, o.buf, o.file = data, data, nil
	return nil
}

// release gives back what the object holds.
func (o *object) release(free *buffers) {
	if o.file != nil {
		o.file.Close()
	}
	if o.stream != nil {
		o.stream.Close()
	}
	free.put(o.buf)
	*o = object{}
}
