package pack

import (
	"context"
	"sync"
	"sync/atomic"
)

// none is the number of no object.
const none = 1<<32 - 1

// What is known of an object, beside the type in its header's low three bits.
const (
	kindBits   = 7
	flagWanted = 1 << 3 // to be visited
	flagNeeded = 1 << 4 // wanted, or a base of what is
	flagChild  = 1 << 5 // a delta whose base is in the catalog
	flagDone   = 1 << 6 // the walk has come by
)

// forest links the objects of a catalog: deltas to their bases. It takes nine bytes
// an object.
type forest struct {
	kind  []uint8  // by number; only one worker writes an object's
	child []uint32 // one of the deltas on this base, to be taken last
	next  []uint32 // another delta on the same base
}

// grow reads the header of every entry that counts, and links them.
func grow(ctx context.Context, c *Catalog, opts *WalkOptions) *forest {
	n := c.Len()
	f := &forest{kind: make([]uint8, n), child: make([]uint32, n), next: make([]uint32, n)}
	var next atomic.Uint32
	var all sync.WaitGroup
	for range opts.Workers {
		all.Go(func() {
			b := new(builder)
			for start, end := f.batch(&next, scanBatch); start < end && ctx.Err() == nil; start, end = f.batch(&next, scanBatch) {
				f.scan(c, b, start, end)
			}
		})
	}
	all.Wait()
	f.mark(c, opts.Skip)
	f.link()
	return f
}

// Objects that a worker takes on at once.
const (
	scanBatch = 1 << 14
	walkBatch = 1 << 8
)

// batch takes the next up to size objects from a counter that workers share.
func (f *forest) batch(next *atomic.Uint32, size uint32) (start, end uint32) {
	n := uint32(len(f.kind))
	for {
		start = next.Load()
		end = min(start+size, n)
		if start >= n || next.CompareAndSwap(start, end) {
			return start, end
		}
	}
}

// scan notes the kinds of some objects and, for the time being in f.next, their bases.
// Where this fails, the object has no kind and counts as a root; the walk will say why.
func (f *forest) scan(c *Catalog, b *builder, start, end uint32) {
	src := c.source(start)
	for num := start; num < end; num++ {
		for num >= src.end {
			src = c.source(num)
		}
		f.next[num] = none
		if src.pack == nil || c.copies[num] == duplicate {
			continue
		}
		h, err := b.header(c.entry(src, num))
		if err != nil {
			continue
		}
		f.kind[num] = uint8(h.kind)
		base, ok := uint32(none), false
		switch h.kind {
		case offsetDelta:
			base, ok = c.at(src, c.offset(src, num)-h.back, num)
		case refDelta:
			base, ok = c.Find(h.base)
		}
		if ok {
			f.kind[num] |= flagChild
			f.next[num] = base
		}
	}
}

// mark finds out what is to be visited, and what that takes. A delta on a base with
// several copies is linked to the one that is visited.
func (f *forest) mark(c *Catalog, skip func(ID) bool) {
	for num := range uint32(len(f.kind)) {
		if base := f.next[num]; base != none && c.copies[base] == duplicate {
			f.next[num], _ = c.FindSum(c.sum(base))
		}
	}
	for num := range uint32(len(f.kind)) {
		if c.copies[num] == duplicate || skip != nil && skip(c.ID(num)) {
			continue
		}
		f.kind[num] |= flagWanted
		for n := num; n != none && f.kind[n]&flagNeeded == 0; n = f.next[n] {
			f.kind[n] |= flagNeeded
		}
	}
}

// link turns the bases in f.next into lists of deltas. In front of each stands the
// delta on which most others are built, directly or not: the walk takes it last, when
// its base is done with. So the bases that are held at a time are no more than
// the number of objects has binary digits, provided that deltas lie behind their
// bases, as git writes them. The rest of the list goes by offset.
func (f *forest) link() {
	for i := range f.child {
		f.child[i] = none
	}
	tree := make([]uint32, len(f.next)) // objects in the tree of deltas, less one
	for i := len(f.next) - 1; i >= 0; i-- {
		base, num := f.next[i], uint32(i)
		f.next[i] = none
		if base == none || f.kind[i]&flagNeeded == 0 {
			continue
		}
		tree[base] += tree[i] + 1
		head := f.child[base]
		if head != none && tree[head] > tree[i] {
			f.next[head], f.next[i] = num, f.next[head]
		} else {
			f.child[base], f.next[i] = num, head
		}
	}
}

// root reports whether a tree of wanted objects begins at num.
func (f *forest) root(num uint32) bool { return f.kind[num]&(flagNeeded|flagChild) == flagNeeded }
