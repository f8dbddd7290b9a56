package pack

import (
	"context"
	"sync"
	"sync/atomic"
)

// none is the number of no object.
const none = 1<<32 - 1

// forest links the objects of a catalog: deltas to their bases. It takes eight bytes
// and a bit an object.
type forest struct {
	child []uint32 // one of the deltas on this base, to be taken last
	next  []uint32 // another delta on the same base
	roots []uint64 // a bit for each object: a tree begins there
}

// grow reads the header of every entry that counts, and links them.
func grow(ctx context.Context, c *Catalog, workers int) *forest {
	n := c.Len()
	f := &forest{child: make([]uint32, n), next: make([]uint32, n)}
	var next atomic.Uint32
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			b := new(builder)
			for start, end := f.batch(&next, scanBatch); start < end && ctx.Err() == nil; start, end = f.batch(&next, scanBatch) {
				f.scan(c, b, start, end)
			}
		})
	}
	all.Wait()
	f.redirect(c)
	f.link(c)
	return f
}

// Objects that a worker takes on at once, at most.
const (
	scanBatch = 1 << 14
	walkBatch = 1 << 8
)

// batch takes the next up to size objects from a counter that workers share. They
// get fewer towards the end, so that all workers come to it together.
func (f *forest) batch(next *atomic.Uint32, size uint32) (start, end uint32) {
	n := uint32(len(f.next))
	for {
		start = next.Load()
		end = min(start+min(size, (n-start)/64+1), n)
		if start >= n || next.CompareAndSwap(start, end) {
			return start, end
		}
	}
}

// scan notes, for the time being in f.next, the bases of some objects. One whose base
// cannot be told counts as a root; the walk will say why.
func (f *forest) scan(c *Catalog, b *builder, start, end uint32) {
	src := c.source(start)
	for num := start; num < end; num++ {
		for num >= src.end {
			src = c.source(num)
		}
		f.next[num] = none
		if src.pack == nil || !c.counts(num) {
			continue
		}
		h, err := b.header(c.entry(src, num))
		if err != nil {
			continue
		}
		var base uint32
		ok := false
		switch h.kind {
		case offsetDelta:
			base, ok = c.at(src, c.offset(src, num)-h.back, num)
		case refDelta:
			base, ok = c.Find(h.base)
		}
		if ok {
			f.next[num] = base
		}
	}
}

// redirect leads a delta on a base with several copies to the one that is visited.
func (f *forest) redirect(c *Catalog) {
	for num, base := range f.next {
		if base != none && !c.counts(base) {
			f.next[num], _ = c.FindSum(c.sum(base))
		}
	}
}

// link turns the bases in f.next into lists of deltas. In front of each stands the
// delta on which most others are built, directly or not: the walk takes it last, when
// its base is done with. So the bases that are held at a time are no more than
// the number of objects has binary digits, provided that deltas lie behind their
// bases, as git writes them. The rest of the list goes by offset.
func (f *forest) link(c *Catalog) {
	for i := range f.child {
		f.child[i] = none
	}
	f.roots = make([]uint64, len(f.next)/64+1)
	tree := make([]uint32, len(f.next)) // objects in the tree of deltas, less one
	for i := len(f.next) - 1; i >= 0; i-- {
		base, num := f.next[i], uint32(i)
		f.next[i] = none
		if !c.counts(uint32(i)) {
			continue
		}
		if base == none {
			f.roots[i/64] |= 1 << (i % 64)
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

// root reports whether a tree begins at num.
func (f *forest) root(num uint32) bool { return f.roots[num/64]>>(num%64)&1 == 1 }
