package gitrepo

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

// sweep goes through the lineages of all workers, to find the trees that have certain
// objects as entries. Attribution has it look for the objects that findings are in, then
// for the trees that hold these, and for those that hold them: an index would spare that,
// but takes more memory than all else.
//
// Records come depth first: behind a tree stand those that were made from it. So there is
// a stack of the tree that is being read, its base, the base of that and so on, each with
// its hits. An entry that was copied is a hit if it was one in the base.
type sweep struct {
	own      [][]stretch          // of each lineage, those that need no other
	heirs    map[uint32][]stretch // the others, by base
	hasHeirs bitset.Set           // the keys of heirs
	steps    atomic.Int64         // bytes that may yet be read, and hits that may be found
}

// stretch is records of a lineage, each of a tree that was made from one before it or from
// none. But what a worker took over from another has the base of its first tree elsewhere.
type stretch struct {
	l        *lineage
	from, to int
	prev     uint32  // the tree of the record before, or 0
	base     uint32  // that is elsewhere, or noObject
	stack    []frame // up to the base, when that was read
}

// frame is a tree that was read, but perhaps not all that were made from it.
type frame struct {
	l       *lineage
	entries int // where they are noted
	tree    uint32
	hits    []hit
}

// hit is an entry whose object is sought.
type hit struct {
	pos  uint32 // in the tree
	num  uint32 // of the object
	name uint64 // a hash of it
}

func newSweep(lineages []*lineage, objects int) *sweep {
	w := &sweep{own: make([][]stretch, len(lineages)), heirs: make(map[uint32][]stretch), hasHeirs: bitset.New(objects)}
	w.steps.Store(maxSteps(lineages))
	none := bitset.New(objects)
	for i, l := range lineages {
		for _, s := range split(l, none) {
			if s.base == noObject {
				w.own[i] = append(w.own[i], s)
			} else {
				w.heirs[s.base] = append(w.heirs[s.base], s)
				w.hasHeirs.Add(s.base)
			}
		}
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

// split divides a lineage into stretches.
func split(l *lineage, none bitset.Set) (list []stretch) {
	var stack []uint32
	prev := uint32(0)
	for r := l.readFrom(0); r.pos() < l.n; {
		at := r.pos()
		tree, base := r.head(prev)
		for len(stack) > 0 && stack[len(stack)-1] != base {
			stack = stack[:len(stack)-1]
		}
		if n := len(list); len(stack) == 0 && (n == 0 || base != noObject || list[n-1].base != noObject) {
			list = append(list, stretch{l: l, from: at, prev: prev, base: base})
		}
		r.anyNew(none, tree) // to the next record
		list[len(list)-1].to = r.pos()
		stack, prev = append(stack, tree), tree
	}
	return list
}

// seek calls found for every tree that has a sought object as an entry, with a hash of
// its name there, until there is an error: from several goroutines.
func (w *sweep) seek(ctx context.Context, sought bitset.Set, found func(tree, num uint32, name uint64) error) error {
	errs := make([]error, len(w.own))
	var all sync.WaitGroup
	for i, own := range w.own {
		p := pass{sweep: w, sought: sought, found: found, left: slices.Clone(own)}
		all.Go(func() { errs[i] = p.run(ctx) })
	}
	all.Wait()
	return cmp.Or(errs...)
}

// pass is what one goroutine does for a sweep.
type pass struct {
	*sweep
	sought bitset.Set
	found  func(tree, num uint32, name uint64) error
	left   []stretch // to be read
	spent  int64     // steps that were not taken from the sweep's yet
}

// run reads what is left, and the heirs that come up.
func (p *pass) run(ctx context.Context) error {
	for n := len(p.left); n > 0; n = len(p.left) {
		s := p.left[n-1]
		p.left = p.left[:n-1]
		if err := p.read(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// often is after how many steps those of the sweep are counted down.
const often = 1 << 10

// spend takes the steps that were spent from those of the sweep.
func (p *pass) spend() error {
	left := p.steps.Add(-p.spent)
	if p.spent = 0; left < 0 {
		return errNotes
	}
	return nil
}

// read goes through the records of a stretch.
func (p *pass) read(ctx context.Context, s stretch) error {
	r, stack, prev := s.l.readFrom(s.from), s.stack, s.prev
	for r.pos() < s.to {
		if p.spent > often {
			if err := p.spend(); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		at := r.pos()
		tree, base := r.head(prev)
		for len(stack) > 0 && stack[len(stack)-1].tree != base {
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, frame{l: s.l, entries: r.pos(), tree: tree})
		if err := p.tree(&r, stack); err != nil {
			return err
		}
		p.spent += int64(r.pos() - at)
		if p.hasHeirs.Has(tree) {
			for _, heir := range p.heirs[tree] {
				heir.stack = slices.Clone(stack)
				p.left = append(p.left, heir)
			}
		}
		prev = tree
	}
	return p.spend()
}

// tree goes through the entries of the tree on top of the stack.
func (p *pass) tree(r *reader, stack []frame) error {
	t := &stack[len(stack)-1]
	var base []hit
	if len(stack) > 1 {
		base = stack[len(stack)-2].hits
	}
	if !r.anyNew(p.sought, t.tree) && len(base) == 0 {
		return nil
	}
	again := t.l.readFrom(t.entries)
	for e := range t.l.entries(&again, t.tree) {
		first := len(t.hits)
		switch {
		case e.kind == copied:
			t.hits = inherit(t.hits, base, e)
		case e.num == noObject || !p.sought.Has(e.num):
			continue
		case e.kind == renewed:
			t.hits = append(t.hits, hit{e.pos, e.num, p.name(stack[:len(stack)-1], e.from)})
		default:
			t.hits = append(t.hits, hit{e.pos, e.num, e.name})
		}
		for _, h := range t.hits[first:] {
			p.spent++
			if err := p.found(t.tree, h.num, h.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// inherit appends those of the base's hits that were copied.
func inherit(to, base []hit, e run) []hit {
	if len(base) == 0 {
		return to
	}
	i, _ := slices.BinarySearchFunc(base, e.from, func(h hit, pos uint32) int { return cmp.Compare(h.pos, pos) })
	for ; i < len(base) && base[i].pos < e.from+e.n; i++ {
		h := base[i]
		h.pos += e.pos - e.from
		to = append(to, h)
	}
	return to
}

// name returns that of an entry of the tree on top of the stack, which may be its base's.
func (p *pass) name(stack []frame, pos uint32) uint64 {
	for ; len(stack) > 0; stack = stack[:len(stack)-1] {
		t := &stack[len(stack)-1]
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
		p.spent += int64(r.pos() - t.entries)
	}
	return 0 // which does not come up: at the bottom is a tree whose entries are all new
}
