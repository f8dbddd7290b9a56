package gitrepo

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

// sweep goes through the lineages of all trees, to find those that have certain objects
// as entries. It does so anew for the trees that hold these, and for those that hold
// them: an index would spare that, but takes more memory than all else.
type sweep struct {
	lineages []*lineage
	orphans  []orphan         // in the order of their records
	heirs    map[uint32][]int // by tree: the orphans made from it
	parents  bitset.Set       // the trees that have such
	steps    atomic.Int64     // bytes that may yet be read, and entries that may be kept
}

// pass is one way through some records.
type pass struct {
	*sweep
	sought bitset.Set
	found  func(tree, num uint32, name uint64) error
	wait   []inheritance
	steps  int64 // as those of the sweep, but not told yet
}

// orphan is records whose first is made from a tree that does not stand before it,
// because another worker took it over, and the others from it.
type orphan struct {
	stretch
	base uint32
}

// stretch is some records of a lineage.
type stretch struct {
	l        *lineage
	from, to int
	prev     uint32 // the tree before the first
	last     uint32
}

// inheritance is an orphan, and the trees that it is made from.
type inheritance struct {
	orphan int
	open   []opened
}

// opened is a tree that was read, but perhaps not all that were made from it.
type opened struct {
	l       *lineage
	entries int // where they are noted
	tree    uint32
	kept    []kept
}

// kept is an entry that is sought.
type kept struct {
	pos, num uint32
	name     uint64
}

func newSweep(lineages []*lineage, objects int) *sweep {
	w := &sweep{lineages: lineages, heirs: make(map[uint32][]int), parents: bitset.New(objects)}
	w.steps.Store(maxSteps(lineages))
	none := bitset.New(objects)
	for _, l := range lineages {
		w.orphans = append(w.orphans, orphansOf(l, none)...)
	}
	for i, o := range w.orphans {
		w.heirs[o.base] = append(w.heirs[o.base], i)
		w.parents.Add(o.base)
	}
	return w
}

// maxSteps bounds the work for these lineages. Each is read once for each folder that
// findings lie in, one within the other, unless trees were made to have one object at
// millions of places and trees made from them to keep all of these.
func maxSteps(lineages []*lineage) int64 {
	steps := int64(1 << 30)
	for _, l := range lineages {
		steps += 64 * int64(l.n)
	}
	return steps
}

// orphansOf returns the orphans among the records of a lineage.
func orphansOf(l *lineage, none bitset.Set) (list []orphan) {
	var open []uint32
	single := false // the present records are an orphan's
	prev := uint32(0)
	for r := l.readFrom(0); r.pos() < l.n; {
		at := r.pos()
		tree, base := r.head(prev)
		for len(open) > 0 && open[len(open)-1] != base {
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			if single {
				list[len(list)-1].to, list[len(list)-1].last = at, prev
			}
			if single = base != noObject; single {
				list = append(list, orphan{stretch{l: l, from: at, prev: prev}, base})
			}
		}
		open, prev = append(open, tree), tree
		r.anyNew(none, tree)
	}
	if single {
		list[len(list)-1].to, list[len(list)-1].last = l.n, prev
	}
	return list
}

// seek calls found for every tree that has a sought object as an entry, with a hash of
// its name there, until there is an error: from several goroutines.
func (w *sweep) seek(ctx context.Context, sought bitset.Set, found func(tree, num uint32, name uint64) error) error {
	passes, errs := make([]pass, len(w.lineages)), make([]error, len(w.lineages))
	var all sync.WaitGroup
	for i, l := range w.lineages {
		passes[i] = pass{sweep: w, sought: sought, found: found}
		all.Go(func() { errs[i] = passes[i].lineage(ctx, l) })
	}
	all.Wait()
	if err := cmp.Or(errs...); err != nil {
		return err
	}
	last := &passes[0]
	for _, p := range passes[1:] {
		last.wait = append(last.wait, p.wait...)
	}
	for len(last.wait) > 0 {
		i := last.wait[len(last.wait)-1]
		last.wait = last.wait[:len(last.wait)-1]
		if err := last.read(ctx, w.orphans[i.orphan].stretch, i.open); err != nil {
			return err
		}
	}
	return nil
}

// lineage goes through the records of a lineage, but for orphans.
func (p *pass) lineage(ctx context.Context, l *lineage) error {
	rest := stretch{l: l}
	for _, o := range p.orphans {
		if o.l != l {
			continue
		}
		rest.to = o.from
		if err := p.read(ctx, rest, nil); err != nil {
			return err
		}
		rest.from, rest.prev = o.to, o.last
	}
	rest.to = l.n
	return p.read(ctx, rest, nil)
}

// often is after how many steps those that remain are looked at.
const often = 1 << 10

// spend takes steps that were counted from those that remain.
func (p *pass) spend() error {
	left := p.sweep.steps.Add(-p.steps)
	if p.steps = 0; left < 0 {
		return errNotes
	}
	return nil
}

// read goes through records, the first of which is made from the last tree in open.
func (p *pass) read(ctx context.Context, s stretch, open []opened) error {
	r, prev := s.l.readFrom(s.from), s.prev
	for r.pos() < s.to {
		if p.steps > often {
			if err := p.spend(); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		at := r.pos()
		tree, base := r.head(prev)
		for len(open) > 0 && open[len(open)-1].tree != base {
			open = open[:len(open)-1]
		}
		open = append(open, opened{l: s.l, entries: r.pos(), tree: tree})
		if err := p.tree(&r, open); err != nil {
			return err
		}
		p.steps += int64(r.pos() - at)
		if p.parents.Has(tree) {
			for _, heir := range p.heirs[tree] {
				p.wait = append(p.wait, inheritance{heir, slices.Clone(open)})
			}
		}
		prev = tree
	}
	return p.spend()
}

// tree goes through the entries of the last tree in open.
func (p *pass) tree(r *reader, open []opened) error {
	t := &open[len(open)-1]
	var base []kept
	if len(open) > 1 {
		base = open[len(open)-2].kept
	}
	if !r.anyNew(p.sought, t.tree) && len(base) == 0 {
		return nil
	}
	again := t.l.readFrom(t.entries)
	for e := range t.l.entries(&again, t.tree) {
		first := len(t.kept)
		switch {
		case e.kind == copied:
			t.kept = inherit(t.kept, base, e)
		case e.num == noObject || !p.sought.Has(e.num):
			continue
		case e.kind == renewed:
			t.kept = append(t.kept, kept{e.pos, e.num, p.name(open[:len(open)-1], e.from)})
		default:
			t.kept = append(t.kept, kept{e.pos, e.num, e.name})
		}
		for _, k := range t.kept[first:] {
			p.steps++
			if err := p.found(t.tree, k.num, k.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// inherit appends those of the base's entries that were copied.
func inherit(to, base []kept, e run) []kept {
	if len(base) == 0 {
		return to
	}
	i, _ := slices.BinarySearchFunc(base, e.from, func(k kept, pos uint32) int { return cmp.Compare(k.pos, pos) })
	for ; i < len(base) && base[i].pos < e.from+e.n; i++ {
		k := base[i]
		k.pos += e.pos - e.from
		to = append(to, k)
	}
	return to
}

// name returns that of an entry of the last tree in open, which may be its base's.
func (p *pass) name(open []opened, pos uint32) uint64 {
	for ; len(open) > 0; open = open[:len(open)-1] {
		t := &open[len(open)-1]
		r := t.l.readFrom(t.entries)
		for e := range t.l.entries(&r, t.tree) {
			if pos >= e.pos+e.n {
				continue
			}
			if e.kind == added {
				return e.name
			}
			pos += e.from - e.pos
			break
		}
		p.steps += int64(r.pos() - t.entries)
	}
	return 0 // which does not come up: all begins with a tree whose entries are new
}
