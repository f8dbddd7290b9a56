package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
)

const (
	packMagic  = "PACK"
	packHeader = 12 // magic, version, number of objects
)

// packFile is a pack and its index. Both files are opened on demand.
type packFile struct {
	dir, stem string
	data, idx file
	format    Format

	mu       sync.Mutex
	idxTable atomic.Pointer[index]
	dataEnd  atomic.Int64 // the pack's size; 0: not read yet
}

// newPackFile returns a pack of an object directory.
func newPackFile(dir string, f packFiles, format Format, open *atomic.Int32) *packFile {
	p := &packFile{dir: dir, stem: f.stem, format: format}
	p.data.path, p.data.open = f.stem+".pack", open
	p.idx.path, p.idx.open = f.stem+".idx", open
	return p
}

func (p *packFile) name() string { return filepath.Base(p.data.path) }

// isOpen reports whether the index is open.
func (p *packFile) isOpen() bool { return p.idxTable.Load() != nil }

// index returns the index and opens it at the first call.
func (p *packFile) index() (*index, error) {
	if x := p.idxTable.Load(); x != nil {
		return x, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if x := p.idxTable.Load(); x != nil {
		return x, nil
	}
	size, err := p.idx.size()
	if err != nil {
		return nil, err
	}
	x, err := newIndex(&p.idx, size, p.format)
	if err != nil {
		return nil, err
	}
	p.idxTable.Store(x)
	return x, nil
}

// end returns the size of the pack. Its checksum counts as a part of the last entry,
// because a truncated pack lacks it.
func (p *packFile) end() (int64, error) {
	if end := p.dataEnd.Load(); end > 0 {
		return end, nil
	}
	size, err := p.data.size()
	if err != nil {
		return 0, err
	}
	p.dataEnd.Store(size)
	return size, nil
}

// openBoth opens the index and the pack.
func (p *packFile) openBoth() error {
	if _, err := p.index(); err != nil {
		return err
	}
	_, err := p.end()
	return err
}

func (p *packFile) find(id ID) (off int64, ok bool, err error) {
	x, err := p.index()
	if err != nil {
		return 0, false, err
	}
	return x.find(id)
}

// check compares the header and the checksum of the pack with its index.
func (p *packFile) check(x *index) error {
	var head [packHeader]byte
	if n, err := p.data.ReadAt(head[:], 0); n < len(head) {
		return fmt.Errorf("read pack header: %w", err)
	}
	version := binary.BigEndian.Uint32(head[4:])
	if string(head[:4]) != packMagic || version != 2 && version != 3 {
		return errors.New("not a pack of version 2 or 3")
	}
	if n := binary.BigEndian.Uint32(head[8:]); n != x.count() {
		return fmt.Errorf("pack has %d objects, its index %d", n, x.count())
	}
	want, err := x.packSum()
	if err != nil {
		return err
	}
	end, err := p.end()
	if err != nil {
		return err
	}
	sum := make([]byte, len(want))
	if n, _ := p.data.ReadAt(sum, max(0, end-int64(len(sum)))); n < len(sum) || !bytes.Equal(sum, want) {
		return errors.New("pack is truncated or modified: its checksum differs from the index")
	}
	return nil
}

func (p *packFile) close() error { return errors.Join(p.idx.close(), p.data.close()) }

// entry is the location of an object in a pack. Its end is the end of the pack if the
// next entry is not known.
type entry struct {
	pack     *packFile
	off, end int64
}

func (e entry) String() string { return fmt.Sprintf("%s at %d", e.pack.name(), e.off) }
