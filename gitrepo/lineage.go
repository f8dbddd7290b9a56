package gitrepo

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// lineage notes of every tree how its children differ from those of the tree that
// it was made from, which takes little: most trees differ in one.
type lineage struct {
	v      *survey
	wanted map[uint32]bool // blobs, by number
	maybe  *idFilter       // of their ids
	seed   maphash.Seed
	parts  [][]child // records, by worker
	slots  []slot    // by object number
}

// child is an entry of a tree, if it matters: a subtree, or a wanted blob.
type child struct {
	num  uint32 // the object
	name uint32 // a hash
}

// markedChild is a child and where its entry begins in the tree.
type markedChild struct {
	off uint32
	child
}

// slot says where a tree's record is: the worker, and the index in its part,
// from 1. 0: there is none. A record is a head, with the base as its object and the
// number of changes as its name, and the changes.
type slot uint64

// lost marks, as a part of its number, a child that only the base has. Objects
// have numbers below it.
const lost = 1 << 31

// newLineage returns a lineage of the trees that lead to wanted blobs.
func newLineage(v *survey, wanted map[uint32]bool) *lineage {
	l := &lineage{
		v: v, wanted: wanted, maybe: new(idFilter), seed: maphash.MakeSeed(),
		parts: make([][]child, len(v.crew)), slots: make([]slot, v.catalog.Len()),
	}
	for num := range wanted {
		l.maybe.add(v.catalog.ID(num).Bytes())
	}
	return l
}

// idFilter tells most ids that are not in a set, without a look at the catalog, which
// is far away in memory: it has a bit for what ids begin with.
type idFilter [1 << 16 / 64]uint64

func (f *idFilter) add(sum []byte) {
	bit := binary.BigEndian.Uint16(sum)
	f[bit/64] |= 1 << (bit % 64)
}

func (f *idFilter) has(sum []byte) bool {
	bit := binary.BigEndian.Uint16(sum)
	return f[bit/64]>>(bit%64)&1 == 1
}

// note is a visitor that records the children of a tree.
func (l *lineage) note(worker int, e *pack.Entry, base memory) memory {
	p := &childReader{l: l, base: base.children}
	marks, err := readTree(e, l.v.repo.store.Format().Size(), base.marks, p)
	if err != nil {
		return memory{} // the survey said so
	}
	p.lose(len(p.base))
	if len(p.base)+len(p.changes) > 0 {
		head := child{noObject, uint32(len(p.changes))}
		if len(p.base) > 0 {
			head.num = base.tree
		}
		part := append(append(l.parts[worker], head), p.changes...)
		l.parts[worker] = part
		l.slots[e.Index] = slot(worker)<<48 | slot(len(part)-len(p.changes))
	}
	return memory{marks: marks, children: p.out, tree: e.Index}
}

// childReader collects the children of one tree.
type childReader struct {
	l         *lineage
	base, out []markedChild
	next      int // the base's children before it were taken over or lost
	changes   []child
}

func (p *childReader) fresh(off int, entry *treeEntry) {
	if entry.isGitlink() {
		return
	}
	if !entry.isTree() && !p.l.maybe.has(entry.sum) {
		return
	}
	num, ok := p.l.v.catalog.FindSum(entry.sum)
	if ok && (entry.isTree() || p.l.wanted[num]) {
		p.gain(markedChild{uint32(off), child{num, uint32(maphash.Bytes(p.l.seed, entry.name))}})
	}
}

func (p *childReader) gain(c markedChild) {
	p.out = append(p.out, c)
	p.changes = append(p.changes, c.child)
}

func (p *childReader) copied(from, to, shift int) {
	i, _ := slices.BinarySearchFunc(p.base, uint32(from), func(c markedChild, off uint32) int { return cmp.Compare(c.off, off) })
	p.lose(i)
	for ; i < len(p.base) && p.base[i].off < uint32(to); i++ {
		c := p.base[i]
		c.off += uint32(shift)
		if i < p.next { // copied once more
			p.gain(c)
			continue
		}
		p.out = append(p.out, c)
		p.next = i + 1
	}
}

// lose notes that the base's children up to one are not copied.
func (p *childReader) lose(to int) {
	for ; p.next < to; p.next++ {
		c := p.base[p.next].child
		c.num |= lost
		p.changes = append(p.changes, c)
	}
}

// record returns what a tree was made from, or noObject, and what is different.
func (l *lineage) record(tree uint32) (base uint32, changes []child) {
	at := l.slots[tree]
	if at == 0 {
		return noObject, nil
	}
	part, i := l.parts[at>>48], int(at&(1<<48-1))
	head := part[i-1]
	return head.num, part[i : i+int(head.name)]
}

// relation lists, for some objects, other objects.
type relation struct{ start, items []uint32 }

// relate makes a relation of n objects from pairs, which it goes through twice.
func relate(n int, pairs func(yield func(from, to uint32))) relation {
	r := relation{start: make([]uint32, n+1)}
	pairs(func(from, _ uint32) { r.start[from+1]++ })
	accumulate(r.start)
	r.items = make([]uint32, r.start[n])
	pairs(func(from, to uint32) {
		r.items[r.start[from]] = to
		r.start[from]++
	})
	rewind(r.start)
	return r
}

// accumulate turns the sizes of groups, one place farther on, into their starts.
func accumulate(start []uint32) {
	for i := range len(start) - 1 {
		start[i+1] += start[i]
	}
}

// rewind restores the starts of groups that were advanced to their ends.
func rewind(start []uint32) {
	copy(start[1:], start)
	start[0] = 0
}

func (r *relation) of(num uint32) []uint32 { return r.items[r.start[num]:r.start[num+1]] }

// spread finds the trees that a child is in.
type spread struct {
	l       *lineage
	derived relation // trees made from a tree
	holders relation // trees that have a child which their base has not
	stack   []uint32
}

func (l *lineage) spread() *spread {
	each := func(visit func(tree, base uint32, changes []child)) {
		for tree := range l.slots {
			if base, changes := l.record(uint32(tree)); base != noObject || len(changes) > 0 {
				visit(uint32(tree), base, changes)
			}
		}
	}
	return &spread{
		l: l,
		derived: relate(len(l.slots), func(yield func(_, _ uint32)) {
			each(func(tree, base uint32, _ []child) {
				if base != noObject {
					yield(base, tree)
				}
			})
		}),
		holders: relate(len(l.slots), func(yield func(_, _ uint32)) {
			each(func(tree, _ uint32, changes []child) {
				for _, c := range changes {
					if c.num&lost == 0 {
						yield(c.num, tree)
					}
				}
			})
		}),
	}
}

// each calls visit with every tree that has an object as a child, and as which.
func (s *spread) each(num uint32, visit func(tree uint32, c child)) {
	last := uint32(noObject)
	for _, tree := range s.holders.of(num) {
		if tree == last {
			continue // under another name, of which its record tells
		}
		last = tree
		_, changes := s.l.record(tree)
		for _, c := range changes {
			if c.num == num {
				s.follow(tree, c, visit)
			}
		}
	}
}

// follow visits a tree that has a child, and all made from it that keep it.
func (s *spread) follow(tree uint32, c child, visit func(uint32, child)) {
	gone := child{c.num | lost, c.name}
	for s.stack = append(s.stack[:0], tree); len(s.stack) > 0; {
		tree := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		visit(tree, c)
		for _, next := range s.derived.of(tree) {
			if _, changes := s.l.record(next); !slices.Contains(changes, gone) {
				s.stack = append(s.stack, next)
			}
		}
	}
}
