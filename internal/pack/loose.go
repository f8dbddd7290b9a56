package pack

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/keyguard/keyguard/internal/inflate"
)

// A loose object is a zlib stream of "type size\0" and the content, in a file named by
// its ID: two hexadecimal digits of directory, the rest of file name.

var errLoose = errors.New("bad loose object")

// looseHeader exceeds the length of any header of a loose object.
const looseHeader = 32

// loosePath returns the path of a loose object in an object directory.
func loosePath(dir string, id ID) string {
	name := id.String()
	return filepath.Join(dir, name[:2], name[2:])
}

// parseLoose parses the header at the start of b and returns its length, including the
// NUL.
func parseLoose(b []byte) (typ Type, size int64, n int, err error) {
	end := bytes.IndexByte(b, 0)
	if end < 0 {
		return 0, 0, 0, fmt.Errorf("%w: no header", errLoose)
	}
	name, digits, _ := bytes.Cut(b[:end], []byte(" "))
	for t := Commit; t <= Tag; t++ {
		if t.String() == string(name) {
			typ = t
		}
	}
	u, err := strconv.ParseUint(string(digits), 10, 60)
	if typ == 0 || err != nil {
		return 0, 0, 0, fmt.Errorf("%w: header %.32q", errLoose, b[:end])
	}
	return typ, int64(u), end + 1, nil
}

// looseHead returns the type and the size of the object that starts raw.
func (b *builder) looseHead(raw []byte) (typ Type, size int64, n int, err error) {
	var head [looseHeader]byte
	got, err := b.dec.Prefix(head[:], raw)
	if got == 0 && err != nil {
		return 0, 0, 0, err
	}
	return parseLoose(head[:got])
}

// loose builds a loose object, in a temporary file if it exceeds limit.
func (b *builder) loose(path string, limit int64) (object, error) {
	obj, err := b.readLoose(path, limit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return obj, err
}

func (b *builder) readLoose(path string, limit int64) (object, error) {
	raw, typ, size, n, err := b.openLoose(path, limit)
	if err != nil {
		return object{}, err
	}
	if raw == nil {
		if b.temps == nil {
			return object{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, size)
		}
		s, err := openLooseStream(path)
		if err != nil {
			return object{}, err
		}
		defer s.Close()
		return b.toTempFile(s.typ, s.size, s)
	}
	buf := b.free.get(n + int(size))
	if _, err := b.dec.Zlib(buf, raw); err != nil {
		b.free.put(buf)
		return object{}, err
	}
	return object{typ: typ, size: size, data: buf[n:], buf: buf}, nil
}

// openLoose returns the content of the file and its header. The content is nil if the
// object exceeds limit.
func (b *builder) openLoose(path string, limit int64) (raw []byte, typ Type, size int64, n int, err error) {
	f, err := OpenRegular(path)
	if err != nil {
		return nil, 0, 0, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, 0, 0, err
	}
	raw = b.scratch(int(min(info.Size(), deflated(limit)+headRead)))
	if _, err := io.ReadFull(f, raw); err != nil {
		return nil, 0, 0, 0, err
	}
	typ, size, n, err = b.looseHead(raw)
	if err == nil && size/inflate.MaxRatio > info.Size() {
		err = fmt.Errorf("%w: %d bytes cannot inflate to %d", errLoose, info.Size(), size)
	}
	if size > limit || int64(len(raw)) < info.Size() {
		raw = nil
	}
	return raw, typ, size, n, err
}

// looseStream inflates a loose object that is not held in memory.
type looseStream struct {
	stream
	typ  Type
	size int64
	file *os.File
	id   ID // with sum: the expected ID
	sum  hash.Hash
}

func openLooseStream(path string) (*looseStream, error) {
	f, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	s := &looseStream{file: f}
	if err := s.start(); err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

// start reads the header.
func (s *looseStream) start() error {
	z, err := newStream(s.file, looseHeader)
	if err != nil {
		return err
	}
	var head [looseHeader]byte
	for i := range head {
		if _, err := io.ReadFull(z.z, head[i:i+1]); err != nil {
			return fmt.Errorf("%w: %w", errLoose, err)
		}
		if head[i] == 0 {
			s.typ, s.size, _, err = parseLoose(head[:i+1])
			s.stream = stream{z.z, s.size}
			return err
		}
	}
	return fmt.Errorf("%w: no header", errLoose)
}

// verify makes reading fail at the end of the stream if the object's ID is not id.
func (s *looseStream) verify(id ID) { s.id, s.sum = id, id.newHash(s.typ, s.size) }

// Read implements [io.Reader].
func (s *looseStream) Read(p []byte) (int, error) {
	n, err := s.stream.Read(p)
	if s.sum != nil {
		s.sum.Write(p[:n])
		if err == io.EOF && NewID(s.sum.Sum(nil)) != s.id {
			err = errOther
		}
	}
	return n, err
}

// Close closes the file.
func (s *looseStream) Close() error { return s.file.Close() }

// looseIDs calls visit with the ID of each loose object in an object directory, and
// trouble for each directory that cannot be listed.
func looseIDs(dir string, format Format, visit func(ID), trouble func(path string, err error)) {
	folders, err := os.ReadDir(dir)
	if err != nil {
		trouble(dir, err)
	}
	for _, folder := range folders {
		if name := folder.Name(); len(name) != 2 || strings.Trim(name, "0123456789abcdef") != "" {
			continue
		}
		path := filepath.Join(dir, folder.Name())
		files, err := os.ReadDir(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			trouble(path, err)
		}
		for _, f := range files {
			if id, err := ParseID(folder.Name() + f.Name()); err == nil && int(id.size) == format.Size() {
				visit(id)
			}
		}
	}
}
