package pack

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// pickedObject is the location of a picked object.
type pickedObject struct {
	id ID
	location
}

// Pick returns a catalog of the given objects. It searches the indexes of the packs but
// does not read them in full, nor verify checksums. A walk visits a delta on an object
// that was not picked without a base. [Catalog.Absent] lists the missing objects.
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
	spots = slices.DeleteFunc(spots, func(p pickedObject) bool { return p.id.IsZero() }) // missing
	slices.SortFunc(spots, inPackOrder)
	for _, p := range slices.CompactFunc(spots, func(a, b pickedObject) bool { return a.id == b.id }) {
		c.addPicked(p)
	}
	c.buildIndex()
	return c, nil
}

// locate sets the locations of ids.
func (c *Catalog) locate(ids []ID, spots []pickedObject) {
	for i, id := range ids {
		at, err := c.store.locate(id)
		switch {
		case err == nil:
			spots[i] = pickedObject{id, at}
		case errors.Is(err, ErrNotFound):
			c.absent.note(id)
		default:
			c.problems.object(id, "", err)
		}
	}
}

// absent is objects that were picked and not found. It is safe for concurrent use.
type absent struct {
	mu  sync.Mutex
	ids []ID
}

func (a *absent) note(id ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ids = append(a.ids, id)
}

// Absent returns the objects given to [Store.Pick] that the store does not have, in no
// order, perhaps several times.
func (c *Catalog) Absent() []ID { return c.absent.ids }

// inPackOrder compares by pack and offset; loose objects come last.
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

// addPicked appends an object, which must follow those before it.
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
