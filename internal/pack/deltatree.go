package pack

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

// none is the number of no object.
const none = 1<<32 - 1

// forest links the objects of a catalog: bases to the deltas on them. It takes some four
// bytes an object.
type deltaTree struct {
	roots  bitset.Set // where a tree begins
	list []uint32   // of one base after the other; in order, but for the last
	count  unary      // of deltas on each object
}

// grow reads the header of every entry that counts, and links them.
func newDeltaTree(ctx context.Context, c *Catalog, workers int) *deltaTree {
	bases := make([]uint32, c.Len())
	var next atomic.Uint32
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			b := new(builder)
			for start, end := c.batch(&next, scanBatch); start < end && ctx.Err() == nil; start, end = c.batch(&next, scanBatch) {
				c.scan(b, bases, start, end)
			}
		})
	}
	all.Wait()
	c.redirect(bases)
	return c.link(bases)
}

// of returns which of the deltas are on an object, by index, in the order in which to take
// them.
func (f *deltaTree) deltasOn(num uint32) (from, to uint32) { return f.count.span(num) }

// leaf reports whether there are no deltas on an object.
func (f *deltaTree) isLeaf(num uint32) bool {
	from, to := f.deltasOn(num)
	return from == to
}

// Objects that a worker takes on at once, at most.
const (
	scanBatch = 1 << 14
	walkBatch = 1 << 8
)

// batch takes the next up to size objects from a counter that workers share. They
// get fewer towards the end, so that all workers come to it together.
func (c *Catalog) batch(next *atomic.Uint32, size uint32) (start, end uint32) {
	n := uint32(c.Len())
	for {
		start = next.Load()
		end = min(start+min(size, (n-start)/64+1), n)
		if start >= n || next.CompareAndSwap(start, end) {
			return start, end
		}
	}
}

// scan notes the bases of some objects. One whose base cannot be told counts as a root;
// the walk will say why.
func (c *Catalog) scan(b *builder, bases []uint32, start, end uint32) {
	src := c.source(start)
	for num := start; num < end; num++ {
		for num >= src.end {
			src = c.source(num)
		}
		bases[num] = none
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
			bases[num] = base
		}
	}
}

// redirect leads a delta on a base with several copies to the one that is visited.
func (c *Catalog) redirect(bases []uint32) {
	for num, base := range bases {
		if base != none && !c.counts(base) {
			bases[num], _ = c.FindSum(c.sum(base))
		}
	}
}

// link turns bases into lists of deltas. At the end of each stands the delta on which
// most others are built, directly or not: the walk takes it when its base is done with.
// So the bases that are held at a time are no more than the number of objects has
// binary digits, provided that deltas lie behind their bases, as git writes them. The
// rest of the list goes by offset.
func (c *Catalog) link(bases []uint32) *deltaTree {
	f := &deltaTree{roots: bitset.New(len(bases))}
	place := make([]uint32, len(bases)) // where the next delta goes; at first, how many there are
	built := make([]uint32, len(bases)) // on each object, directly or not
	for i := len(bases) - 1; i >= 0; i-- {
		base, num := bases[i], uint32(i)
		switch {
		case !c.counts(num):
			bases[i] = none
		case base == none:
			f.roots.Add(num)
		default:
			place[base]++
			built[base] += built[i] + 1
		}
	}
	f.count = newUnary(place)
	sum := uint32(0)
	for i, n := range place {
		place[i] = sum
		sum += n
	}
	f.list = make([]uint32, sum)
	for i, base := range bases {
		if base != none {
			f.list[place[base]] = uint32(i)
			place[base]++
		}
	}
	from := uint32(0)
	for _, to := range place {
		heaviestLast(f.list[from:to], built)
		from = to
	}
	return f
}

// heaviestLast moves the delta on which most is built to the end of a list.
func heaviestLast(list, built []uint32) {
	top := 0
	for i, num := range list {
		if built[num] > built[list[top]] {
			top = i
		}
	}
	if top < len(list) {
		num := list[top]
		copy(list[top:], list[top+1:])
		list[len(list)-1] = num
	}
}
