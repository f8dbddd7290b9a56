package pack

import "fmt"

// A link is a delta in the chain from an object to its non-delta base.
type link struct {
	entry
	header
}

// build builds the copy of an object at l. It caches the object and its bases.
func (s *Store) build(b *builder, l location, limit int64) (object, error) {
	if l.pack == nil {
		return b.loose(l.loose, limit)
	}
	chain, o, err := s.descend(b, l, limit)
	if err != nil {
		return object{}, err
	}
	for i := len(chain) - 1; i >= 0; i-- {
		most := max(limit, baseLimit)
		if i == 0 {
			most = limit
		}
		next, err := b.derive(&o, chain[i].entry, chain[i].header, most)
		o.release(nil)
		if err != nil {
			return object{}, err
		}
		o = next
		s.cache.put(place{chain[i].pack, chain[i].off}, o)
	}
	if o.size > limit && o.file == nil {
		return object{}, fmt.Errorf("%v: %w: %d bytes", l.entry, ErrTooLarge, o.size)
	}
	return o, nil
}

// descend follows the deltas from l to the first base that is not a delta or is cached,
// and returns the deltas and that base.
func (s *Store) descend(b *builder, l location, limit int64) (chain []link, o object, err error) {
	for len(chain) < maxChain {
		if l.pack == nil {
			o, err = b.loose(l.loose, max(limit, baseLimit))
			return chain, o, err
		}
		at := place{l.pack, l.off}
		if o, ok := s.cache.get(at); ok {
			return chain, o, nil
		}
		h, err := b.header(l.entry)
		if err != nil {
			return nil, object{}, err
		}
		if h.kind.whole() {
			if len(chain) > 0 {
				limit = max(limit, baseLimit)
			}
			o, err := b.whole(l.entry, h, limit)
			if err == nil {
				s.cache.put(at, o)
			}
			return chain, o, err
		}
		chain = append(chain, link{l.entry, h})
		if l, err = s.base(l.entry, h); err != nil {
			return nil, object{}, err
		}
	}
	return nil, object{}, fmt.Errorf("%v: %w", l.entry, errChain)
}

// base returns the location of a delta's base, in the same pack if possible.
func (s *Store) base(e entry, h header) (location, error) {
	if h.kind == offsetDelta {
		e.off -= h.back
		return location{entry: e}, nil
	}
	if off, ok, err := e.pack.find(h.base); ok && err == nil {
		return location{entry: entry{e.pack, off, e.end}}, nil
	}
	found, err := s.locate(h.base)
	if err != nil {
		return location{}, fmt.Errorf("%v: delta base: %w", e, err)
	}
	return found, nil
}

// locate finds a copy of an object that exists.
func (s *Store) locate(id ID) (found location, err error) {
	err = s.try(id, func(l location) error {
		found = l
		return l.exists()
	})
	return found, err
}

// describe returns the type and the size of the copy at l.
func (s *Store) describe(b *builder, l location) (typ Type, size int64, err error) {
	for n := range maxChain {
		if l.pack == nil {
			_, typ, loose, _, err := b.openLoose(l.loose, 0)
			if n == 0 {
				size = loose
			}
			return typ, size, err
		}
		h, err := b.header(l.entry)
		if err == nil && n == 0 {
			size, err = b.objectSize(l.entry, h)
		}
		if err != nil || h.kind.whole() {
			return h.kind, size, err
		}
		if l, err = s.base(l.entry, h); err != nil {
			return 0, 0, err
		}
	}
	return 0, 0, fmt.Errorf("%v: %w", l.entry, errChain)
}
