package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

var (
	errBase   = errors.New("its delta base cannot be read")
	errCycle  = errors.New("cycle of delta bases")
	errOther  = errors.New("content does not match the object ID")
	errNoBase = errors.New("offset of the delta base is not an entry of the pack")
)

// walkState is the part of a walk that does not depend on the visitor's type.
type walkState struct {
	ctx      context.Context
	store    *Store
	cat      *Catalog
	opts     WalkOptions
	deltas   *deltaTree
	visited  bitset.Shared // workers share words of it, but never a bit
	temps    tempFiles
	next     atomic.Uint32 // the first object that no worker has taken
	problems problems
	stats    Stats
}

func newWalkState(ctx context.Context, s *Store, c *Catalog, opts WalkOptions) *walkState {
	t := &walkState{ctx: ctx, store: s, cat: c, opts: opts}
	t.temps.dir = s.temps.dir
	t.temps.budget.Store(opts.MaxTempBytes)
	t.deltas = newDeltaTree(ctx, c, opts.Workers)
	t.visited = bitset.NewShared(c.Len())
	return t
}

// finish completes the statistics.
func (t *walkState) finish() Stats {
	st := &t.stats
	st.Duplicates = int64(t.cat.duplicates)
	var all problems
	all.merge(&t.store.problems)
	all.merge(&t.cat.problems)
	all.merge(&t.problems)
	st.Problems, st.ProblemCount = all.take()
	return *st
}

// objectReader reads objects for one worker.
type objectReader struct {
	*walkState
	builder builder
	src     *source // of the last object
	stats   Stats   // of this worker
}

func (t *walkState) reader() *objectReader {
	return &objectReader{walkState: t, builder: builder{readAhead: onwardRead, free: new(buffers), temps: &t.temps}}
}

// source returns the source of an object.
func (h *objectReader) source(num uint32) *source {
	if h.src == nil || num < h.src.start || num >= h.src.end {
		h.src = h.cat.source(num)
	}
	return h.src
}

// root reads an object that is not a delta on another object of the catalog.
func (h *objectReader) root(num uint32) (object, error) {
	src := h.source(num)
	if src.pack == nil {
		return h.looseRoot(h.cat.loosePath(src, num), h.cat.ID(num), h.deltas.isLeaf(num))
	}
	e := h.cat.entry(src, num)
	head, err := h.builder.header(e)
	switch {
	case err != nil:
		return object{}, err
	case head.kind == offsetDelta:
		return object{}, fmt.Errorf("%v: %w", e, errNoBase)
	case head.kind == refDelta:
		return h.externalDelta(e, head)
	case head.size > h.opts.MaxBuffer:
		return h.largeRoot(e, head, h.deltas.isLeaf(num))
	}
	return h.builder.whole(e, head, h.opts.MaxBuffer)
}

// largeRoot returns an object that exceeds MaxBuffer: in a temporary file if it has
// deltas, otherwise as a stream. If the file exceeds its budget, the deltas cannot be
// read.
func (h *objectReader) largeRoot(e entry, head header, leaf bool) (object, error) {
	if !leaf {
		if o, err := h.builder.whole(e, head, h.opts.MaxBuffer); err == nil {
			return o, nil
		}
	}
	s, err := e.stream(head)
	if err != nil {
		return object{}, fmt.Errorf("%v: %w", e, err)
	}
	return object{typ: head.kind, size: head.size, stream: io.NopCloser(s)}, nil
}

// looseRoot is root for a loose object. Its only checksum is its ID.
func (h *objectReader) looseRoot(path string, id ID, leaf bool) (object, error) {
	_, typ, size, _, err := h.builder.openLoose(path, 0)
	switch {
	case err != nil:
		return object{}, fmt.Errorf("%s: %w", path, err)
	case size > h.opts.MaxBuffer && leaf:
		s, err := openLooseStream(path)
		if err != nil {
			return object{}, fmt.Errorf("%s: %w", path, err)
		}
		s.verify(id)
		return object{typ: typ, size: size, stream: s}, nil
	}
	o, err := h.builder.loose(path, h.opts.MaxBuffer)
	if err == nil && o.data != nil && !id.names(o.typ, o.data) {
		h.problems.object(id, path, errOther) // the object is visited all the same
	}
	return o, err
}

// externalDelta reads a delta on an object that is not in the catalog.
func (h *objectReader) externalDelta(e entry, head header) (object, error) {
	base, err := h.store.fetch(head.base, h.opts.MaxBuffer, &h.temps)
	if err != nil {
		return object{}, fmt.Errorf("%v: delta base %w", e, err)
	}
	defer base.release(nil)
	o, err := h.builder.derive(&base, e, head, h.opts.MaxBuffer)
	h.builder.segs = h.builder.segs[:0] // the visitor has no state of that base
	return o, err
}

// derive reads a delta on base.
func (h *objectReader) derive(base *object, num uint32) (object, error) {
	h.builder.segs = h.builder.segs[:0]
	if base.typ == 0 || base.stream != nil {
		return object{}, baseError(base.err)
	}
	e := h.cat.entry(h.source(num), num)
	head, err := h.builder.header(e)
	if err != nil {
		return object{}, err
	}
	return h.builder.derive(base, e, head, h.opts.MaxBuffer)
}

// baseError returns the error of an object whose base failed with err.
func baseError(err error) error {
	switch {
	case err == nil:
		return errBase
	case errors.Is(err, errBase):
		return err
	}
	return fmt.Errorf("%w: %w", errBase, err)
}

// retry reads an object after its first copy failed with cause: from another copy, or
// from a new pack if a repack removed the old one. In a catalog of picked objects the
// usual cause is that the base was not picked.
func (h *objectReader) retry(num uint32, cause error) (object, error) {
	if !h.cat.hasCopies.Has(num) && h.cat.counts(num) && !h.cat.picked && !errors.Is(cause, fs.ErrNotExist) {
		return object{}, cause
	}
	if errors.Is(cause, errNoBase) {
		if o, err := h.store.fetchAt(location{entry: h.cat.entry(h.source(num), num)}, h.opts.MaxBuffer); err == nil {
			o.buf = nil
			return o, nil
		}
	}
	o, err := h.store.fetch(h.cat.ID(num), h.opts.MaxBuffer, &h.temps)
	o.buf = nil // shared with the store's cache
	switch {
	case err != nil && errors.Is(cause, errNoBase):
		return object{}, err
	case err != nil:
		return object{}, cause
	}
	return o, nil
}

// recordUnread records an object that could not be read.
func (h *objectReader) recordUnread(num uint32, err error) {
	if !h.cat.counts(num) {
		return
	}
	h.stats.Unread++
	src := h.source(num)
	path := src.dir
	if src.pack != nil {
		path = src.pack.data.path
	}
	h.problems.object(h.cat.ID(num), path, err)
}
