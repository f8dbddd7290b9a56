package pack

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/keyguard/keyguard/internal/inflate"
)

// A builder builds objects from entries and loose files. It is not safe for concurrent
// use.
type builder struct {
	win       windows
	dec       inflate.Decoder
	readAhead int64      // number of bytes of an entry to read with its header
	delta     []byte     // instructions of the current delta
	free      *buffers   // nil: objects are not released
	temps     *tempFiles // nil: an object beyond the limit is an error
	segs      []Segment
}

// header reads an entry's header. A size that the entry cannot inflate to is an error, so
// callers may allocate it, up to their limit.
func (b *builder) header(e entry) (header, error) {
	room := e.end - e.off
	if e.off < packHeader || room <= 0 {
		return header{}, fmt.Errorf("%v: beyond the end of the pack, or of no length", e)
	}
	raw, err := b.win.at(&e.pack.data, e.off, int(min(room, max(headerRead, b.readAhead))))
	if err != nil {
		return header{}, err
	}
	h, err := parseHeader(raw[:min(int64(len(raw)), room)], e.pack.format)
	if err != nil {
		return header{}, fmt.Errorf("%v: %w", e, err)
	}
	if packed := room - int64(h.len); h.size/inflate.MaxRatio > packed {
		return header{}, fmt.Errorf("%v: %w: %d bytes cannot inflate to %d", e, errHeader, packed, h.size)
	}
	return h, nil
}

// deflated returns the greatest length of a zlib stream of size bytes that git writes.
func deflated(size int64) int64 { return size + size>>10 + 128 }

// inflate fills dst with the inflated content of an entry.
func (b *builder) inflate(dst []byte, e entry, h header) error {
	at := e.off + int64(h.len)
	room := e.end - at
	raw, err := b.win.at(&e.pack.data, at, int(min(room, deflated(h.size))))
	if err != nil {
		return err
	}
	_, err = b.dec.Zlib(dst, raw)
	if errors.Is(err, inflate.ErrTruncated) && int64(len(raw)) < room {
		err = e.inflateSlowly(dst, h) // longer than any stream that zlib writes
	}
	if err != nil {
		return fmt.Errorf("%v: %w", e, err)
	}
	return nil
}

func (e entry) inflateSlowly(dst []byte, h header) error {
	s, err := e.stream(h)
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(s, dst); err != nil {
		return err
	}
	if err := s.finish(); err != io.EOF {
		return err
	}
	return nil
}

// whole builds the object of a non-delta entry, in a temporary file if it exceeds limit.
func (b *builder) whole(e entry, h header, limit int64) (object, error) {
	if h.size > limit {
		if b.temps == nil {
			return object{}, fmt.Errorf("%v: %w: %d bytes", e, ErrTooLarge, h.size)
		}
		s, err := e.stream(h)
		if err != nil {
			return object{}, fmt.Errorf("%v: %w", e, err)
		}
		return b.toTempFile(h.kind, h.size, s)
	}
	data := b.free.get(int(h.size))
	if err := b.inflate(data, e, h); err != nil {
		b.free.put(data)
		return object{}, err
	}
	return object{typ: h.kind, size: h.size, data: data, buf: data}, nil
}

// objectSize returns the size of an entry's object without applying its delta.
func (b *builder) objectSize(e entry, h header) (int64, error) {
	if h.kind.whole() {
		return h.size, nil
	}
	at := e.off + int64(h.len)
	raw, err := b.win.at(&e.pack.data, at, int(min(e.end-at, headRead)))
	if err != nil {
		return 0, err
	}
	var head [2 * binary.MaxVarintLen64]byte
	n, err := b.dec.Prefix(head[:min(int64(len(head)), h.size)], raw)
	_, size, used := deltaSizes(head[:n])
	if used == 0 {
		return 0, fmt.Errorf("%v: %w", e, cmp.Or(err, errDelta))
	}
	return size, nil
}

// toTempFile writes an object to a temporary file.
func (b *builder) toTempFile(typ Type, size int64, from io.Reader) (object, error) {
	f, err := b.temps.fill(size, func(w *bufio.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
	return object{typ: typ, size: size, file: f}, err
}

// derive builds the object of a delta entry and sets b.segs, unless the base, the result
// or the delta exceeds limit.
func (b *builder) derive(base *object, e entry, h header, limit int64) (object, error) {
	b.segs = b.segs[:0]
	if base.file != nil && base.size <= limit {
		if err := base.unspill(b.free); err != nil {
			return object{}, err
		}
	}
	if base.file != nil || h.size > limit {
		return b.deriveSlowly(base, e, h)
	}
	delta := b.scratch(int(h.size))
	if err := b.inflate(delta, e, h); err != nil {
		return object{}, err
	}
	from, size, n := deltaSizes(delta)
	switch {
	case n == 0:
		return object{}, fmt.Errorf("%v: %w", e, errDelta)
	case from != base.size:
		return object{}, fmt.Errorf("%v: %w", e, errDeltaBase)
	case size > limit:
		return b.deriveSlowly(base, e, h)
	}
	data := b.free.get(int(size))
	var err error
	if b.segs, err = applyDelta(data, base.data, delta[n:], b.segs); err != nil {
		b.free.put(data)
		return object{}, fmt.Errorf("%v: %w", e, err)
	}
	return object{typ: base.typ, size: size, data: data, buf: data}, nil
}

// scratch returns a buffer of n bytes for delta instructions.
func (b *builder) scratch(n int) []byte {
	if cap(b.delta) < n || cap(b.delta) > max(maxIdle, n) {
		b.delta = make([]byte, max(n, jumpRead))
	}
	return b.delta[:n]
}

// deriveSlowly builds the object of a delta entry in a temporary file.
func (b *builder) deriveSlowly(base *object, e entry, h header) (object, error) {
	if b.temps == nil {
		return object{}, fmt.Errorf("%v: %w", e, ErrTooLarge)
	}
	s, err := e.stream(h)
	if err != nil {
		return object{}, fmt.Errorf("%v: %w", e, err)
	}
	ops := bufio.NewReader(s)
	from, size, err := streamSizes(ops)
	if err == nil && from != base.size {
		err = errDeltaBase
	}
	if err != nil {
		return object{}, fmt.Errorf("%v: %w", e, err)
	}
	f, err := b.temps.fill(size, func(w *bufio.Writer) error { return patch(w, base, ops, size) })
	if err != nil {
		return object{}, fmt.Errorf("%v: %w", e, err)
	}
	return object{typ: base.typ, size: size, file: f}, nil
}
