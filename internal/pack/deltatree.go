package pack

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

// none stands for an object without a number.
const none = 1<<32 - 1

// deltaTree links the bases of a catalog to the deltas on them. It takes about four bytes
// per object.
type deltaTree struct {
	roots bitset.Set // objects that are not deltas
	list  []uint32   // the deltas on each base, base by base; see link
	count unary      // number of deltas on each object
}

// newDeltaTree reads the headers of all entries except further copies, and links them.
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

// deltasOn returns the range of list with the deltas on an object.
func (f *deltaTree) deltasOn(num uint32) (from, to uint32) { return f.count.span(num) }

// isLeaf reports whether an object has no deltas.
func (f *deltaTree) isLeaf(num uint32) bool {
	from, to := f.deltasOn(num)
	return from == to
}

// The greatest number of objects that a worker takes at once.
const (
	scanBatch = 1 << 14
	walkBatch = 1 << 8
)

// batch takes up to size objects from a counter that workers share. Batches shrink
// towards the end, so that all workers finish together.
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

// scan records the bases of a range of objects. An object whose base cannot be determined
// becomes a root, and the walk reports the error.
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

// redirect replaces bases that are further copies by the copy that is visited.
func (c *Catalog) redirect(bases []uint32) {
	for num, base := range bases {
		if base != none && !c.counts(base) {
			bases[num], _ = c.FindSum(c.sum(base))
		}
	}
}

// link returns the deltas on each base, in catalog order, except that the one with the
// most descendants comes last. The walk releases a base before it visits the last delta,
// so at most log2(n)+1 bases of n objects are in memory at once, provided that deltas
// follow their bases, as git writes them.
func (c *Catalog) link(bases []uint32) *deltaTree {
	f := &deltaTree{roots: bitset.New(len(bases))}
	place := make([]uint32, len(bases)) // first the number of deltas, then the position of the next
	built := make([]uint32, len(bases)) // number of descendants
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

// heaviestLast moves the delta with the most descendants to the end of a list.
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
