package pack

import (
	"container/list"
	"sync"
)

// cache holds the most recently used objects, up to limit bytes.
type cache struct {
	limit int64

	mu    sync.Mutex
	bytes int64
	order list.List // of *cached, the most recent first
	at    map[place]*list.Element
}

type place struct {
	pack *packFile
	off  int64
}

type cached struct {
	place
	typ  Type
	data []byte
}

func newCache(limit int64) *cache { return &cache{limit: limit, at: make(map[place]*list.Element)} }

// get returns the object at p if it is cached. Its bytes are shared and must not be
// modified.
func (c *cache) get(p place) (object, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[p]
	if e == nil {
		return object{}, false
	}
	c.order.MoveToFront(e)
	v := e.Value.(*cached)
	return object{typ: v.typ, size: int64(len(v.data)), data: v.data}, true
}

// put caches an object, whose bytes must not be modified after, unless it would displace
// too many others.
func (c *cache) put(p place, o object) {
	if o.file != nil || o.size > c.limit/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at[p] != nil {
		return
	}
	c.at[p] = c.order.PushFront(&cached{p, o.typ, o.data})
	c.bytes += cost(o.data)
	for c.bytes > c.limit {
		oldest := c.order.Remove(c.order.Back()).(*cached)
		delete(c.at, oldest.place)
		c.bytes -= cost(oldest.data)
	}
}

// cost returns the memory that an object takes in the cache, in bytes.
func cost(data []byte) int64 { return int64(cap(data)) + 256 }
