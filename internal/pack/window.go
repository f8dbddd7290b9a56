package pack

import (
	"errors"
	"io"
)

// Sizes of reads from a pack: after a seek, and the greatest when reading sequentially.
const (
	jumpRead   = 4 << 10
	onwardRead = 128 << 10
	nearby     = 4 << 10   // a gap that sequential reading includes
	maxIdle    = 256 << 10 // a larger buffer is released after use
)

// windows holds the ranges of packs that a goroutine has read last. There are several,
// because the deltas on a base are spread over a few places of a pack, each of which is
// read sequentially.
type windows struct {
	list  [16]window // the most recent first
	large window     // for an entry longer than onwardRead
}

// window is a range of a file in memory.
type window struct {
	src *file
	off int64
	buf []byte
}

func (w *window) end() int64 { return w.off + int64(len(w.buf)) }

// at returns at least n bytes at off, and fewer only at the end of the file. They are
// valid until the next call.
func (ws *windows) at(f *file, off int64, n int) ([]byte, error) {
	if whole := f.whole.Load(); whole != nil {
		return (*whole)[min(off, int64(len(*whole))):], nil
	}
	if n > onwardRead {
		return ws.large.read(f, off, n)
	}
	if cap(ws.large.buf) > maxIdle {
		ws.large = window{}
	}
	last := len(ws.list) - 1 // the window to replace
	for i := range ws.list {
		w := &ws.list[i]
		if w.src != f || off < w.off || off > w.end()+nearby {
			continue
		}
		if off+int64(n) <= w.end() {
			b := w.buf[off-w.off:]
			ws.use(i)
			return b, nil
		}
		last = i
		break
	}
	ws.use(last)
	return ws.list[0].read(f, off, n)
}

// use moves a window to the front.
func (ws *windows) use(i int) {
	if i > 0 {
		w := ws.list[i]
		copy(ws.list[1:i+1], ws.list[:i])
		ws.list[0] = w
	}
}

// read moves the window to off. If it continues the window, it reads twice as much as
// before.
func (w *window) read(f *file, off int64, n int) ([]byte, error) {
	size := max(n, jumpRead)
	if w.src == f && off >= w.off && off <= w.end()+nearby {
		size = max(n, min(2*len(w.buf), onwardRead))
	}
	if cap(w.buf) < size {
		w.buf = make([]byte, size)
	}
	w.src, w.off, w.buf = f, off, w.buf[:size]
	got, err := f.ReadAt(w.buf, off)
	w.buf = w.buf[:got]
	if err != nil && !errors.Is(err, io.EOF) {
		w.src = nil
		return nil, err
	}
	return w.buf, nil
}
