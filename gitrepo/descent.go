package gitrepo

import "context"

// child is an entry of a tree: an object, and a hash of its name.
type child struct{ num, name uint32 }

// descent tells which trees have an object as an entry. A tree is known by its rank, the
// index of its record.
type descent struct {
	lineage                     // of all surveyors
	starts  []int               // of records
	ends    []uint32            // the rank behind those of the trees made from this one that come with it
	adopted map[uint32][]uint32 // by a tree's number: trees made from it that another worker took over
	holders relation            // by object: where it is a new entry
	stack   []spot
	steps   int64 // words that may yet be read
}

// spot is an entry of a tree: the first is at 0.
type spot struct{ rank, pos uint32 }

// newDescent indexes the lineages of n objects. Of entries that are no folders, only
// wanted ones count.
func newDescent(lineages []*lineage, n int, wanted func(num uint32) bool) *descent {
	d := &descent{adopted: make(map[uint32][]uint32)}
	d.nest(lineages)
	d.steps = maxSteps(d.n)
	d.holders = relate(n, func(yield func(num uint32, h holder)) {
		for rank := range uint32(len(d.starts)) {
			d.added(rank, func(pos uint32, c child) {
				if c.num != unknown && (c.name&nameTree != 0 || wanted(c.num)) {
					yield(c.num, holder{spot{rank, pos}, c.name})
				}
			})
		}
	})
	return d
}

// maxSteps bounds the work for so many words of lineages. Each is read a few times,
// unless trees were made to have one object at millions of places and trees made from
// them to keep all of these.
func maxSteps(words int) int64 { return 1<<30 + 64*int64(words) }

// nest makes one lineage of several, and finds out which trees come with which.
func (d *descent) nest(lineages []*lineage) {
	for _, l := range lineages {
		d.records += l.records
	}
	d.starts, d.ends = make([]int, 0, d.records), make([]uint32, d.records)
	var open []uint32 // the last tree, and before it those that it was made from
	for _, l := range lineages {
		start := len(d.pieces) * pieceSize
		end := start + l.n
		d.pieces = append(d.pieces, l.pieces...)
		d.n += l.n
		for ; start < end; _, start = d.words(start) {
			open = d.enter(start, open)
		}
	}
	for _, rank := range open {
		d.ends[rank] = uint32(len(d.starts))
	}
}

// enter adds the record at start behind those that are open, and returns which are now.
func (d *descent) enter(start int, open []uint32) []uint32 {
	rank := uint32(len(d.starts))
	d.starts = append(d.starts, start)
	base := *d.at(start + 1)
	for len(open) > 0 && d.tree(open[len(open)-1]) != base {
		d.ends[open[len(open)-1]] = rank
		open = open[:len(open)-1]
	}
	if len(open) == 0 && base != noObject {
		d.adopted[base] = append(d.adopted[base], rank)
	}
	return append(open, rank)
}

// tree returns a tree's number.
func (d *descent) tree(rank uint32) uint32 { return *d.at(d.starts[rank]) }

// added calls visit with the new entries of a tree.
func (d *descent) added(rank uint32, visit func(pos uint32, c child)) {
	pos := uint32(0)
	for i, end := d.words(d.starts[rank]); i < end; i++ {
		word := *d.at(i)
		if word >= copied {
			pos += word%maxCount + 1
			continue
		}
		i++
		visit(pos, child{word, *d.at(i)})
		pos++
	}
}

// keep pushes where a tree has an entry that is at pos in its base.
func (d *descent) keep(rank, pos uint32) {
	at := uint32(0)
	i, end := d.words(d.starts[rank])
	d.steps -= int64(end - d.starts[rank])
	for ; i < end; i++ {
		word := *d.at(i)
		if word < copied {
			i++
			at++
			continue
		}
		first, n := word%copied>>countBits, word%maxCount+1
		if first <= pos && pos < first+n {
			d.stack = append(d.stack, spot{rank, at + pos - first})
		}
		at += n
	}
}

// each calls visit with every tree that has an object as an entry, and as which, until
// there is an error.
func (d *descent) each(ctx context.Context, num uint32, visit func(tree uint32, c child) error) error {
	for _, h := range d.holders.of(num) {
		err := d.follow(ctx, h.spot, func(tree uint32) error { return visit(tree, child{num, h.name}) })
		if err != nil {
			return err
		}
	}
	return nil
}

// follow visits a tree that has an entry, and all made from it that keep it.
func (d *descent) follow(ctx context.Context, s spot, visit func(tree uint32) error) error {
	for d.stack = append(d.stack[:0], s); len(d.stack) > 0; {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case d.steps < 0:
			return errLineage
		}
		s := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		tree := d.tree(s.rank)
		if err := visit(tree); err != nil {
			return err
		}
		for rank := s.rank + 1; rank < d.ends[s.rank]; rank = d.ends[rank] {
			d.keep(rank, s.pos)
		}
		for _, rank := range d.adopted[tree] {
			d.keep(rank, s.pos)
		}
	}
	return nil
}

// holder is an entry, and a hash of its name.
type holder struct {
	spot
	name uint32
}

// relation lists entries by the number of their object.
type relation struct {
	start []uint32
	items []holder
}

// relate makes a relation for n objects from pairs, which it goes through twice.
func relate(n int, pairs func(yield func(num uint32, h holder))) relation {
	start := make([]uint32, n+1)
	pairs(func(num uint32, _ holder) { start[num+1]++ })
	for i := range n {
		start[i+1] += start[i]
	}
	items := make([]holder, start[n])
	pairs(func(num uint32, h holder) {
		items[start[num]] = h
		start[num]++
	})
	copy(start[1:], start) // each has advanced to the next
	start[0] = 0
	return relation{start, items}
}

func (r *relation) of(num uint32) []holder { return r.items[r.start[num]:r.start[num+1]] }
