package scanner

import (
	"context"
	"io"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// scanText scans the content of r as one text.
func (s *Scanner) scanText(ctx context.Context, r io.Reader, ws *workspace) Result {
	w := s.newWindow(ctx, ws)
	var wide *wideWindow
	var size int64
	for {
		n, err := fill(r, w.buf[len(w.buf):cap(w.buf)])
		fresh := w.buf[len(w.buf) : len(w.buf)+n]
		if size == 0 {
			wide = s.newWide(ctx, fresh, ws)
			w.result.Skipped = unpack.Skipped(fresh)
		}
		size += int64(n)
		w.buf = w.buf[:len(w.buf)+n]
		if wide != nil {
			wide.write(fresh)
		}
		w.process(err != nil)
		if err != nil || w.budget.full() {
			if err != io.EOF {
				w.result.Err = err
			}
			w.flush(true)
			break
		}
		w.slide()
	}
	w.budget.finish(&w.result)
	if wide != nil {
		w.result.addWide(wide.finish())
	}
	w.result.Bytes = size
	w.result.zipEnds, w.result.zipExact = unpack.EndsInZip(w.zipEnd, size), w.zipTo == size
	return w.result
}

// fill reads until buf is full or r ends. Unlike io.ReadFull it returns io.EOF at the end
// of r, and so distinguishes it from a truncated archive.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}
