package pack

import (
	"io"
	"os"
	"sync"
	"sync/atomic"
)

// maxOpen bounds the files that one store keeps open: those of 200 packs.
const maxOpen = 400

// file is a file of the store that is opened when first read, and then kept open
// while there are few enough of them: a pack that a concurrent gc unlinks
// remains readable. Beyond that it is opened anew for every read.
type file struct {
	path string
	open *atomic.Int32 // files kept open, of the whole store

	mu    sync.Mutex
	kept  atomic.Pointer[os.File]
	whole atomic.Pointer[[]byte] // what is in it, once it was loaded
}

// handle returns the open file, and whether it is kept; if not, the caller
// closes it.
func (f *file) handle() (*os.File, bool, error) {
	if h := f.kept.Load(); h != nil {
		return h, true, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if h := f.kept.Load(); h != nil {
		return h, true, nil
	}
	h, err := OpenRegular(f.path)
	if err != nil {
		return nil, false, err
	}
	if f.open.Add(1) > maxOpen {
		f.open.Add(-1)
		return h, false, nil
	}
	f.kept.Store(h)
	return h, true, nil
}

// ReadAt implements [io.ReaderAt].
func (f *file) ReadAt(b []byte, off int64) (int, error) {
	h, kept, err := f.handle()
	if err != nil {
		return 0, err
	}
	if !kept {
		defer h.Close()
	}
	return h.ReadAt(b, off)
}

// load reads the file into memory, where it stays, unless it has more than max bytes.
// It returns how many it has, or 0 if it was not loaded: then reading it
// will tell why.
func (f *file) load(max int64) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.whole.Load() != nil {
		return 0
	}
	h, err := OpenRegular(f.path)
	if err != nil {
		return 0
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil || info.Size() > max {
		return 0
	}
	whole := make([]byte, info.Size())
	if _, err := io.ReadFull(h, whole); err != nil {
		return 0
	}
	f.whole.Store(&whole)
	return info.Size()
}

func (f *file) size() (int64, error) {
	h, kept, err := f.handle()
	if err != nil {
		return 0, err
	}
	if !kept {
		defer h.Close()
	}
	info, err := h.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *file) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.kept.Swap(nil)
	if h == nil {
		return nil
	}
	f.open.Add(-1)
	return h.Close()
}
