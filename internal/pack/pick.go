package pack

import (
	"cmp"
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// spot is where a picked object is.
type pickedObject struct {
	id ID
	location
}

// Pick makes a catalog of some objects, for which it searches the indexes of the
// packs but does not read them in full, nor compare checksums. In a walk, a delta
// on an object that was not picked has no base as far as its visitor is concerned.
// Objects that are not there are among the problems of the walk.
func (s *Store) Pick(ctx context.Context, ids []ID) (*Catalog, error) {
	c := &Catalog{store: s, picked: true}
	spots := make([]pickedObject, len(ids))
	var all sync.WaitGroup
	const share = 256
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for from := int(next.Add(share)) - share; from < len(ids) && ctx.Err() == nil; from = int(next.Add(share)) - share {
				c.locate(ids[from:min(from+share, len(ids))], spots[from:])
			}
		})
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	spots = slices.DeleteFunc(spots, func(p pickedObject) bool { return p.id.IsZero() }) // not there
	slices.SortFunc(spots, inPackOrder)
	for _, p := range slices.CompactFunc(spots, func(a, b pickedObject) bool { return a.id == b.id }) {
		c.addPicked(p)
	}
	c.buildIndex()
	return c, nil
}

// locate finds where some objects are.
func (c *Catalog) locate(ids []ID, spots []pickedObject) {
	for i, id := range ids {
		at, err := c.store.locate(id)
		if err != nil {
			c.problems.object(id, "", err)
			continue
		}
		spots[i] = pickedObject{id, at}
	}
}

// inPackOrder sorts pack by pack and in each by offset, then loose ones.
func inPackOrder(a, b pickedObject) int {
	switch {
	case a.pack == nil && b.pack == nil:
		return cmp.Compare(a.loose, b.loose)
	case a.pack == nil:
		return 1
	case b.pack == nil:
		return -1
	}
	return cmp.Or(cmp.Compare(a.pack.stem, b.pack.stem), cmp.Compare(a.off, b.off))
}

// addSpot appends an object, which lies behind those before it.
func (c *Catalog) addPicked(p pickedObject) {
	dir := ""
	if p.pack == nil {
		dir = filepath.Dir(filepath.Dir(p.loose))
	}
	num := uint32(len(c.offsets))
	if n := len(c.sources); n == 0 || c.sources[n-1].pack != p.pack || c.sources[n-1].dir != dir {
		c.sources = append(c.sources, source{pack: p.pack, dir: dir, start: num, dataEnd: p.end})
	}
	src := &c.sources[len(c.sources)-1]
	for p.off>>32 > int64(len(src.steps)) {
		src.steps = append(src.steps, num)
	}
	c.ids = append(c.ids, p.id.sum[:p.id.size]...)
	c.offsets = append(c.offsets, uint32(p.off))
	src.end = num + 1
}
