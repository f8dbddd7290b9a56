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

// Limits of the temporary files of a walk or a store.
const (
	defaultTempBytes = 4 << 30 // bytes
	maxTempFiles     = 200     // files
)

// tempFiles creates temporary files for objects that are too large for memory, and limits
// their total size: a few bytes of delta can expand to any size.
type tempFiles struct {
	dir    string // "": the system's directory
	budget atomic.Int64
	open   atomic.Int32
}

// tempFile is a temporary file with one object.
type tempFile struct {
	*os.File
	from     *tempFiles
	size     int64
	unlinked bool // its name is removed already, on systems that allow this for open files
}

// create creates a file for size bytes.
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

// fill creates a file of size bytes. write must write exactly that many.
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

// object is an object in memory, in a temporary file if it is too large, or in a stream
// if it is read only once.
type object struct {
	typ    Type // 0: the object could not be read
	size   int64
	data   []byte
	buf    []byte // the buffer that data is a part of, to be released
	file   *tempFile
	stream io.ReadCloser
	err    error // why it could not be read
}

// readerAt returns a reader of the object in memory or in its file.
func (o *object) readerAt() io.ReaderAt {
	if o.file != nil {
		return o.file
	}
	return bytes.NewReader(o.data)
}

// spill moves an object from memory to a temporary file.
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

// unspill reads an object back into memory.
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

// release releases the memory and the files of the object.
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
