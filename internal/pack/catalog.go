package pack

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"

	"github.com/keyguard/keyguard/internal/bitset"
)

// Catalog lists the objects of a store at one time, and numbers them from 0: by pack and
// offset, then loose objects. An object with several copies has as many numbers; the
// lowest one is visited. A Catalog is safe for concurrent use.
//
// It takes 29 bytes per object with SHA-1 and 41 with SHA-256.
type Catalog struct {
	store      *Store
	sources    []source
	ids        []byte     // concatenated, by number
	offsets    []uint32   // low half of the offset in the pack
	hasCopies  bitset.Set // objects with further copies
	isCopy     bitset.Set // the further copies
	duplicates int
	set        *idSet
	picked     bool // lists only some objects of its sources
	problems   problems
	absent     absent
}

// source is a pack, or the loose objects of one object directory.
type source struct {
	pack       *packFile // nil: loose objects
	dir        string
	start, end uint32   // numbers of its objects
	dataEnd    int64    // size of the pack
	steps      []uint32 // numbers from which offsets are another 4 GiB higher
}

// maxObjects is the greatest number of objects in a catalog.
const maxObjects = 1<<31 - 2

// Catalog reads the indexes of all packs and lists the store's objects. It returns an
// error if no catalog can be made; damaged files are recorded and become problems of a
// walk.
func (s *Store) Catalog(ctx context.Context) (*Catalog, error) {
	c := &Catalog{store: s}
	in := s.inventory(&c.problems)
	if err := c.allocate(in); err != nil {
		return nil, err
	}
	var aside sync.WaitGroup
	defer aside.Wait()
	aside.Go(func() { load(in.packs) })
	for _, p := range in.packs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		aside.Go(func() { c.verify(p) })
		if err := c.addPack(p); err != nil {
			c.problems.add(p.idx.path, err)
		}
	}
	for _, l := range in.loose {
		c.addLoose(l)
	}
	c.buildIndex()
	return c, nil
}

// allocate reserves memory for all objects, whose number is limited by the size of the
// index files.
func (c *Catalog) allocate(in inventory) error {
	n := int64(0)
	for _, p := range in.packs {
		if x, err := p.index(); err == nil {
			n += x.n()
		}
	}
	size := c.store.format.Size()
	for _, l := range in.loose {
		n += int64(len(l.ids) / size)
	}
	if n > maxObjects {
		return fmt.Errorf("object store has %d objects, more than the %d that fit", n, maxObjects)
	}
	c.ids = make([]byte, 0, int(n)*size)
	c.offsets = make([]uint32, 0, n)
	return nil
}

// verify compares a pack and its index with their checksums, except those that need a
// read of the whole pack.
func (c *Catalog) verify(p *packFile) {
	x, err := p.index()
	if err == nil {
		err = x.verify()
	}
	if err != nil {
		c.problems.add(p.idx.path, err)
	}
}

// addPack appends the objects of a pack.
func (c *Catalog) addPack(p *packFile) error {
	x, err := p.index()
	if err != nil {
		return err
	}
	end, err := p.end()
	if err != nil {
		return err
	}
	if err := p.check(x); err != nil {
		c.problems.add(p.data.path, err)
	}
	sorted, err := x.order(end)
	if err != nil {
		return err
	}
	rank := make([]uint32, x.count()) // by position in the index
	for i := range rank {
		rank[sorted.pos(i)] = uint32(i)
	}
	size := c.store.format.Size()
	ids := c.ids[len(c.ids) : len(c.ids)+size*len(rank)]
	err = x.ids(func(pos uint32, sum []byte) { copy(ids[size*int(rank[pos]):], sum) })
	if err != nil && err != errOrder {
		return err
	}
	c.ids = c.ids[:len(c.ids)+len(ids)]
	src := source{pack: p, start: uint32(len(c.offsets)), dataEnd: end}
	for i := range rank {
		off := sorted.offset(i)
		for off>>32 > int64(len(src.steps)) {
			src.steps = append(src.steps, src.start+uint32(i))
		}
		c.offsets = append(c.offsets, uint32(off))
	}
	src.end = uint32(len(c.offsets))
	c.sources = append(c.sources, src)
	return err
}

// addLoose appends the loose objects of an object directory.
func (c *Catalog) addLoose(l looseList) {
	src := source{dir: l.dir, start: uint32(len(c.offsets))}
	c.ids = append(c.ids, l.ids...)
	c.offsets = c.offsets[:len(c.offsets)+len(l.ids)/c.store.format.Size()]
	src.end = uint32(len(c.offsets))
	c.sources = append(c.sources, src)
}

// maxLoaded is the total size of the packs that a walk loads into memory, in bytes. A
// walk reads every byte of a pack, in no particular order.
const maxLoaded = 64 << 20

// load reads small packs into memory.
func load(packs []*packFile) {
	left := int64(maxLoaded)
	for _, p := range packs {
		if end, err := p.end(); err == nil && end <= left {
			p.data.load(end)
			left -= end
		}
	}
}

// buildIndex builds the index of IDs and finds the copies.
func (c *Catalog) buildIndex() {
	c.hasCopies, c.isCopy = bitset.New(c.Len()), bitset.New(c.Len())
	c.set = newIDSet(c.Len(), c.store.format.Size())
	c.set.ids = c.ids
	for num := range uint32(c.Len()) {
		if other, dup := c.set.add(num); dup && c.source(other) != c.source(num) {
			c.hasCopies.Add(other)
			c.isCopy.Add(num)
			c.duplicates++
		}
	}
}

// Len returns the number of objects, including copies.
func (c *Catalog) Len() int { return len(c.offsets) }

// Distinct returns the number of objects without copies.
func (c *Catalog) Distinct() int { return c.Len() - c.duplicates }

// counts reports whether an object is not a further copy.
func (c *Catalog) counts(num uint32) bool { return !c.isCopy.Has(num) }

// ID returns the ID of an object.
func (c *Catalog) ID(num uint32) ID { return NewID(c.sum(num)) }

func (c *Catalog) sum(num uint32) []byte {
	size := c.store.format.Size()
	return c.ids[int(num)*size:][:size]
}

// Find returns the number of an object, or ok false if it is not listed.
func (c *Catalog) Find(id ID) (num uint32, ok bool) { return c.FindSum(id.sum[:id.size]) }

// FindSum is Find with the bytes of an ID, as in a tree.
func (c *Catalog) FindSum(sum []byte) (num uint32, ok bool) {
	if len(sum) != c.store.format.Size() {
		return 0, false
	}
	num, ok, _, _ = c.set.find(sum)
	return num, ok
}

// FindSums calls visit for each of the IDs concatenated in sums, in order. It is faster
// than as many calls of FindSum.
func (c *Catalog) FindSums(sums []byte, visit func(i int, num uint32, ok bool)) {
	c.set.findAll(sums, visit)
}

// Has reports whether the catalog lists an object. Unlike [Store.Has] it reads no file.
func (c *Catalog) Has(id ID) bool {
	_, ok := c.Find(id)
	return ok
}

// Read is [Store.Read] without reading the indexes of the packs.
func (c *Catalog) Read(id ID, max int64) (Type, []byte, error) {
	if num, ok := c.Find(id); ok {
		if src := c.source(num); src.pack != nil {
			o, err := c.store.fetchAt(location{entry: c.entry(src, num)}, limit(max))
			if err == nil || errors.Is(err, ErrTooLarge) {
				return o.typ, o.data, err
			}
		}
	}
	return c.store.Read(id, max)
}

// source returns the source of an object.
func (c *Catalog) source(num uint32) *source {
	i := sort.Search(len(c.sources), func(i int) bool { return c.sources[i].end > num })
	return &c.sources[i]
}

// Where returns the location of an object in words: a pack and an offset, or a file.
func (c *Catalog) Where(num uint32) string {
	src := c.source(num)
	if src.pack == nil {
		return c.loosePath(src, num)
	}
	return fmt.Sprintf("%s at %d", src.pack.data.path, c.offset(src, num))
}

func (c *Catalog) loosePath(src *source, num uint32) string { return loosePath(src.dir, c.ID(num)) }

// offset returns the offset of an object in its pack.
func (c *Catalog) offset(src *source, num uint32) int64 {
	high := 0
	for high < len(src.steps) && src.steps[high] <= num {
		high++
	}
	return int64(high)<<32 | int64(c.offsets[num])
}

// entry returns the extent of a packed object.
func (c *Catalog) entry(src *source, num uint32) entry {
	e := entry{src.pack, c.offset(src, num), src.dataEnd}
	if num+1 < src.end {
		e.end = c.offset(src, num+1)
	}
	return e
}

// at returns the number of the object at offset off in a pack. The object must precede
// the object before.
func (c *Catalog) at(src *source, off int64, before uint32) (num uint32, ok bool) {
	lo, hi := src.start, before
	for step := uint32(1); hi-lo > step && step < 1<<30; step *= 4 { // it is usually near
		if c.offset(src, hi-step) <= off {
			lo = hi - step
			break
		}
		hi -= step
	}
	for lo < hi {
		mid := lo + (hi-lo)/2
		switch got := c.offset(src, mid); {
		case got == off:
			return mid, true
		case got < off:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return 0, false
}
