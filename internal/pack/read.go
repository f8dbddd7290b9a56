package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
)

// baseLimit is the largest delta base to hold in memory, in bytes.
const baseLimit = 64 << 20

// maxChain is the length of the longest delta chain that a read follows. git writes at
// most 4,095.
const maxChain = 10_000

var errChain = fmt.Errorf("delta chain of more than %d links, or cyclic", maxChain)

// location is the location of a copy of an object: an entry, or a loose file.
type location struct {
	entry
	loose string
}

// exists returns an error if the location is a loose file that does not exist.
func (l location) exists() error {
	if l.pack != nil {
		return nil
	}
	_, err := os.Stat(l.loose)
	return err
}

// copies yields the possible locations of an object: packs whose index is open, then the
// loose file, which may not exist, then the other packs.
func (s *Store) copies(id ID) iter.Seq2[location, error] {
	return func(yield func(location, error) bool) {
		last := s.last.Load()
		if last != nil && !s.copyIn(last, id, yield) {
			return
		}
		packs := s.packList()
		opened := make([]bool, len(packs))
		for i, p := range packs {
			opened[i] = p.isOpen()
			if opened[i] && p != last && !s.copyIn(p, id, yield) {
				return
			}
		}
		for _, dir := range s.dirs {
			if !yield(location{loose: loosePath(dir, id)}, nil) {
				return
			}
		}
		for i, p := range packs {
			if !opened[i] && p != last && !s.copyIn(p, id, yield) {
				return
			}
		}
	}
}

// copyIn yields the location of the object in a pack if the pack contains it.
func (s *Store) copyIn(p *packFile, id ID, yield func(location, error) bool) bool {
	off, ok, err := p.find(id)
	if err != nil {
		return yield(location{}, err)
	}
	if !ok {
		return true
	}
	s.last.Store(p)
	end, err := p.end()
	return yield(location{entry: entry{p, off, end}}, err)
}

// try calls use with the copies of an object until one succeeds. It lists the packs again
// before it fails, because a concurrent gc may have moved the object.
func (s *Store) try(id ID, use func(location) error) error {
	if int(id.size) != s.format.Size() {
		return fmt.Errorf("%v: %w: not an id of this store", id, ErrNotFound)
	}
	var broken error
	for {
		s.packList()
		known := s.packs.Load()
		for l, err := range s.copies(id) {
			if err == nil {
				err = use(l)
			}
			if err == nil || errors.Is(err, ErrTooLarge) {
				return err
			}
			if broken == nil && !errors.Is(err, fs.ErrNotExist) {
				broken = err
			}
		}
		if s.relist(); s.packs.Load() == known {
			break
		}
	}
	if broken != nil {
		return fmt.Errorf("%v: %w", id, broken)
	}
	return fmt.Errorf("%v: %w", id, ErrNotFound)
}

// Has reports whether the store has the object. It does not read it.
func (s *Store) Has(id ID) bool {
	_, err := s.locate(id)
	return err == nil
}

// Header returns the type of an object and its size in bytes.
func (s *Store) Header(id ID) (typ Type, size int64, err error) {
	b := s.builder()
	defer s.builders.Put(b)
	err = s.try(id, func(l location) (err error) {
		typ, size, err = s.describe(b, l)
		return err
	})
	return typ, size, err
}

// Read returns an object of at most max bytes, or ErrTooLarge. 0 means no limit except
// memory. The bytes may be shared with other callers and must not be modified.
func (s *Store) Read(id ID, max int64) (Type, []byte, error) {
	o, err := s.fetch(id, limit(max), nil)
	return o.typ, o.data, err
}

// limit returns the limit that max stands for.
func limit(max int64) int64 {
	if max <= 0 {
		return maxSize
	}
	return max
}

// Open returns an object as a stream, in bounded memory for any size. Reading to the end
// verifies the length and the checksum. The caller must close it.
func (s *Store) Open(id ID) (typ Type, size int64, r io.ReadCloser, err error) {
	b := s.builder()
	defer s.builders.Put(b)
	b.temps = &s.temps
	err = s.try(id, func(l location) error {
		o, body, err := s.stream(b, l)
		typ, size, r = o.typ, o.size, body
		return err
	})
	return typ, size, r, err
}

// stream opens the copy of an object at l.
func (s *Store) stream(b *builder, l location) (object, io.ReadCloser, error) {
	if l.pack == nil {
		f, err := openLooseStream(l.loose)
		if err != nil {
			return object{}, nil, err
		}
		return object{typ: f.typ, size: f.size}, f, nil
	}
	h, err := b.header(l.entry)
	if err != nil {
		return object{}, nil, err
	}
	if h.kind.whole() {
		r, err := l.stream(h)
		return object{typ: h.kind, size: h.size}, io.NopCloser(r), err
	}
	o, err := s.build(b, l, baseLimit)
	if err != nil {
		return object{}, nil, err
	}
	if o.file != nil {
		return o, tempFileReader{io.NewSectionReader(o.file, 0, o.size), o.file}, nil
	}
	return o, io.NopCloser(bytes.NewReader(o.data)), nil
}

func (s *Store) builder() *builder { return s.builders.Get().(*builder) }

// tempFileReader reads a temporary file and removes it when closed.
type tempFileReader struct {
	io.Reader
	io.Closer
}

// fetch builds an object from the first copy that can be read. If it exceeds limit it
// goes to a temporary file, or fetch returns ErrTooLarge if temps is nil.
func (s *Store) fetch(id ID, limit int64, temps *tempFiles) (o object, err error) {
	b := s.builder()
	defer s.builders.Put(b)
	b.temps = temps
	err = s.try(id, func(l location) error {
		o, err = s.build(b, l, limit)
		return err
	})
	return o, err
}

// fetchAt is fetch for one copy of an object, without temporary files.
func (s *Store) fetchAt(l location, limit int64) (object, error) {
	b := s.builder()
	defer s.builders.Put(b)
	b.temps = nil
	return s.build(b, l, limit)
}
