package gitrepo

// child is an entry of a tree: an object, and a hash of its name.
type child struct{ num, name uint32 }

// descent tells which trees have an object as an entry, of those in a lineage. There
// a tree is known by its rank, the index of its record.
type descent struct {
	l       *lineage
	starts  []int    // of records
	ends    []uint32 // the rank behind those of the trees made from this one
	holders relation // by object: trees that have it as a new entry
	stack   []spot
}

// spot is an entry of a tree: the first is at 0.
type spot struct{ rank, pos uint32 }

// descent indexes a lineage of n objects. Of entries that are no folders, only wanted
// ones count.
func (l *lineage) descent(n int, wanted func(num uint32) bool) *descent {
	d := &descent{l: l, starts: make([]int, 0, l.records), ends: make([]uint32, l.records)}
	var open []uint32 // the last tree, and before it those that it was made from
	for start := 0; start < l.n; _, start = l.words(start) {
		open = append(d.close(open, *l.at(start + 1)), uint32(len(d.starts)))
		d.starts = append(d.starts, start)
	}
	d.close(open, noObject)
	d.holders = relate(n, func(yield func(num, rank uint32)) {
		for rank := range uint32(len(d.starts)) {
			d.fresh(rank, func(_ uint32, c child) {
				if c.num != unknown && (c.name&nameTree != 0 || wanted(c.num)) {
					yield(c.num, rank)
				}
			})
		}
	})
	return d
}

// close ends the trees behind base: no more are made from those.
func (d *descent) close(open []uint32, base uint32) []uint32 {
	last := len(open) - 1
	for ; last >= 0 && d.tree(open[last]) != base; last-- {
		d.ends[open[last]] = uint32(len(d.starts))
	}
	return open[:last+1]
}

// tree returns a tree's number.
func (d *descent) tree(rank uint32) uint32 { return *d.l.at(d.starts[rank]) }

// fresh calls visit with the new entries of a tree.
func (d *descent) fresh(rank uint32, visit func(pos uint32, c child)) {
	pos := uint32(0)
	for i, end := d.l.words(d.starts[rank]); i < end; i++ {
		word := *d.l.at(i)
		if word >= copied {
			pos += word%maxCount + 1
			continue
		}
		i++
		visit(pos, child{word, *d.l.at(i)})
		pos++
	}
}

// kept calls visit with where a tree has an entry that is at pos in its base.
func (d *descent) kept(rank, pos uint32, visit func(pos uint32)) {
	at := uint32(0)
	for i, end := d.l.words(d.starts[rank]); i < end; i++ {
		word := *d.l.at(i)
		if word < copied {
			i++
			at++
			continue
		}
		first, n := word%copied>>countBits, word%maxCount+1
		if first <= pos && pos < first+n {
			visit(at + pos - first)
		}
		at += n
	}
}

// each calls visit with every tree that has an object as an entry, and as which.
func (d *descent) each(num uint32, visit func(tree uint32, c child)) {
	last := noObject
	for _, rank := range d.holders.of(num) {
		if rank == last {
			continue // under another name
		}
		last = rank
		d.fresh(rank, func(pos uint32, c child) {
			if c.num == num {
				d.follow(spot{rank, pos}, func(tree uint32) { visit(tree, c) })
			}
		})
	}
}

// follow visits a tree that has an entry, and all made from it that keep it.
func (d *descent) follow(s spot, visit func(tree uint32)) {
	for d.stack = append(d.stack[:0], s); len(d.stack) > 0; {
		s := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		visit(d.tree(s.rank))
		for rank := s.rank + 1; rank < d.ends[s.rank]; rank = d.ends[rank] {
			d.kept(rank, s.pos, func(pos uint32) { d.stack = append(d.stack, spot{rank, pos}) })
		}
	}
}

// relation lists numbers, for each of some others.
type relation struct{ start, items []uint32 }

// relate makes a relation of numbers below n from pairs, which it goes through twice.
func relate(n int, pairs func(yield func(from, to uint32))) relation {
	start := make([]uint32, n+1)
	pairs(func(from, _ uint32) { start[from+1]++ })
	for i := range n {
		start[i+1] += start[i]
	}
	items := make([]uint32, start[n])
	pairs(func(from, to uint32) {
		items[start[from]] = to
		start[from]++
	})
	copy(start[1:], start) // each has advanced to the next
	start[0] = 0
	return relation{start, items}
}

func (r *relation) of(num uint32) []uint32 { return r.items[r.start[num]:r.start[num+1]] }
