package gitrepo

import "sync"

// child is an entry of a tree: an object, and a hash of its name.
type child struct{ num, name uint32 }

// descent tells which trees have an object as an entry.
type descent struct {
	branches []*branch
	adopted  map[uint32][]spot // by a tree's number: trees made from it that do not come with it
	stack    []spot
}

// branch is an index of a lineage. A tree is known there by its rank, the index of its
// record.
type branch struct {
	*lineage
	starts  []int    // of records
	ends    []uint32 // the rank behind those of the trees made from this one that come with it
	holders relation // by object: trees that have it as a new entry
	orphans []uint32 // trees that do not come with their base: a worker took over from another
}

// spot is an entry of a tree: the first is at 0.
type spot struct {
	*branch
	rank, pos uint32
}

// newDescent indexes the lineages of n objects. Of entries that are no folders, only
// wanted ones count.
func newDescent(lineages []*lineage, n int, wanted func(num uint32) bool) *descent {
	d := &descent{branches: make([]*branch, len(lineages)), adopted: make(map[uint32][]spot)}
	var all sync.WaitGroup
	for i, l := range lineages {
		all.Go(func() { d.branches[i] = l.branch(n, wanted) })
	}
	all.Wait()
	for _, b := range d.branches {
		for _, rank := range b.orphans {
			base := b.base(rank)
			d.adopted[base] = append(d.adopted[base], spot{b, rank, 0})
		}
	}
	return d
}

func (l *lineage) branch(n int, wanted func(num uint32) bool) *branch {
	b := &branch{lineage: l, starts: make([]int, 0, l.records), ends: make([]uint32, l.records)}
	b.nest()
	b.holders = relate(n, func(yield func(num, rank uint32)) {
		for rank := range uint32(len(b.starts)) {
			b.added(rank, func(_ uint32, c child) {
				if c.num != unknown && (c.name&nameTree != 0 || wanted(c.num)) {
					yield(c.num, rank)
				}
			})
		}
	})
	return b
}

// nest finds out which trees come with which.
func (b *branch) nest() {
	var open []uint32 // the last tree, and before it those that it was made from
	for start := 0; start < b.n; _, start = b.words(start) {
		rank := uint32(len(b.starts))
		b.starts = append(b.starts, start)
		base := b.base(rank)
		for len(open) > 0 && b.tree(open[len(open)-1]) != base {
			b.ends[open[len(open)-1]] = rank
			open = open[:len(open)-1]
		}
		if len(open) == 0 && base != noObject {
			b.orphans = append(b.orphans, rank)
		}
		open = append(open, rank)
	}
	for _, rank := range open {
		b.ends[rank] = uint32(len(b.starts))
	}
}

// tree returns a tree's number, base that of its base.
func (b *branch) tree(rank uint32) uint32 { return *b.at(b.starts[rank]) }
func (b *branch) base(rank uint32) uint32 { return *b.at(b.starts[rank] + 1) }

// added calls visit with the new entries of a tree.
func (b *branch) added(rank uint32, visit func(pos uint32, c child)) {
	pos := uint32(0)
	for i, end := b.words(b.starts[rank]); i < end; i++ {
		word := *b.at(i)
		if word >= copied {
			pos += word%maxCount + 1
			continue
		}
		i++
		visit(pos, child{word, *b.at(i)})
		pos++
	}
}

// kept calls visit with where a tree has an entry that is at pos in its base.
func (b *branch) kept(rank, pos uint32, visit func(spot)) {
	at := uint32(0)
	for i, end := b.words(b.starts[rank]); i < end; i++ {
		word := *b.at(i)
		if word < copied {
			i++
			at++
			continue
		}
		first, n := word%copied>>countBits, word%maxCount+1
		if first <= pos && pos < first+n {
			visit(spot{b, rank, at + pos - first})
		}
		at += n
	}
}

// each calls visit with every tree that has an object as an entry, and as which.
func (d *descent) each(num uint32, visit func(tree uint32, c child)) {
	for _, b := range d.branches {
		last := noObject
		for _, rank := range b.holders.of(num) {
			if rank == last {
				continue // under another name
			}
			last = rank
			b.added(rank, func(pos uint32, c child) {
				if c.num == num {
					d.follow(spot{b, rank, pos}, func(tree uint32) { visit(tree, c) })
				}
			})
		}
	}
}

// follow visits a tree that has an entry, and all made from it that keep it.
func (d *descent) follow(s spot, visit func(tree uint32)) {
	push := func(s spot) { d.stack = append(d.stack, s) }
	for push(s); len(d.stack) > 0; {
		s := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		tree := s.tree(s.rank)
		visit(tree)
		for rank := s.rank + 1; rank < s.ends[s.rank]; rank = s.ends[rank] {
			s.kept(rank, s.pos, push)
		}
		for _, a := range d.adopted[tree] {
			a.kept(a.rank, s.pos, push)
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
