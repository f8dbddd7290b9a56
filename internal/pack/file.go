package pack

import (
	"os"
	"runtime"
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

// load reads the file, of size bytes, into memory, where it stays. If that fails,
// reading it later will tell why.
func (f *file) load(size int64) {
	if f.whole.Load() != nil {
		return
	}
	whole := make([]byte, size)
	largePages(whole)
	var all sync.WaitGroup
	var failed atomic.Bool
	parts := int64(runtime.GOMAXPROCS(0)) // much of the time goes into making pages of memory
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
