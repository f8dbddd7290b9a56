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
	errCycle  = errors.New("delta chain without an end")
	errOther  = errors.New("the file holds another object than its name says, or a damaged one")
	errNoBase = errors.New("delta base is at no entry of the pack")
)

// tour is a walk under way, as far as it does not depend on the visitor.
type walkState struct {
	ctx     context.Context
	store   *Store
	cat     *Catalog
	opts    WalkOptions
	deltas  *deltaTree
	visited    bitset.Shared // where the walk has come by: a number is one worker's, but a word holds many
	temps  tempFiles
	next    atomic.Uint32 // the first object that no worker has come to
	problems problems
	stats   Stats
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

// hand is what a worker reads objects with.
type objectReader struct {
	*walkState
	builder builder
	src     *source // where the last object was
	stats     Stats   // visits of this worker
}

func (t *walkState) reader() *objectReader {
	return &objectReader{walkState: t, builder: builder{readAhead: onwardRead, free: new(buffers), temps: &t.temps}}
}

// source returns where an object is.
func (h *objectReader) source(num uint32) *source {
	if h.src == nil || num < h.src.start || num >= h.src.end {
		h.src = h.cat.source(num)
	}
	return h.src
}

// root reads an object that is no delta on another in the catalog.
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

// largeRoot returns an object too large for memory: in a file if there are deltas
// on it, and else as a stream. If there is no room for the file, the deltas are lost.
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

// looseRoot is root for a loose object. Unlike those in packs, it has no checksum
// but its name.
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
		h.problems.object(id, path, errOther) // and is looked at all the same
	}
	return o, err
}

// outsider reads a delta on an object that is not in the catalog.
func (h *objectReader) externalDelta(e entry, head header) (object, error) {
	base, err := h.store.fetch(head.base, h.opts.MaxBuffer, &h.temps)
	if err != nil {
		return object{}, fmt.Errorf("%v: delta base %w", e, err)
	}
	defer base.release(nil)
	o, err := h.builder.derive(&base, e, head, h.opts.MaxBuffer)
	h.builder.segs = h.builder.segs[:0] // the visitor does not know that base
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

// orphan is the error of an object whose base has this one.
func baseError(err error) error {
	switch {
	case err == nil:
		return errBase
	case errors.Is(err, errBase):
		return err
	}
	return fmt.Errorf("%w: %w", errBase, err)
}

// other tries to read an object in another way, after its first copy gave cause: from
// another copy, or, if a file is gone, from where a repack has put it. With a catalog
// of picked objects, the cause is as a rule that the base was not picked.
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

// lost records an object that could not be read.
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
