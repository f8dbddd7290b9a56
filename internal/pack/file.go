package pack

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// maxOpen is the greatest number of files that a store keeps open: the files of 200
// packs.
const maxOpen = 400

// file is a file of the store. It is opened at the first read and stays open while fewer
// than maxOpen are, so a pack that a concurrent gc removes remains readable. Beyond that
// it is opened for each read.
type file struct {
	path string
	open *atomic.Int32 // files that the store keeps open

	mu    sync.Mutex
	kept  atomic.Pointer[os.File]
	whole atomic.Pointer[[]byte] // the content, once it is loaded
}

// handle returns the open file, and whether it stays open. Otherwise the caller must
// close it.
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

// load reads the file of the given size into memory. Errors are reported by later reads.
func (f *file) load(size int64) {
	if f.whole.Load() != nil {
		return
	}
	whole := make([]byte, size)
	largePages(whole)
	var all sync.WaitGroup
	var failed atomic.Bool
	parts := int64(runtime.GOMAXPROCS(0)) // page faults take much of the time
	for i := range parts {
		all.Go(func() {
			from, to := size*i/parts, size*(i+1)/parts
			if _, err := f.ReadAt(whole[from:to], from); err != nil {
				failed.Store(true)
			}
		})
	}
	all.Wait()
	if !failed.Load() {
		f.whole.Store(&whole)
	}
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
