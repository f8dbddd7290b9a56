package gitrepo

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// grove notes of every tree how its branches differ from those of the tree that
// it was made from, which takes little: most trees differ in one.
type grove struct {
	v      *survey
	wanted map[uint32]bool // blobs, by number
	seed   maphash.Seed
	parts  [][]branch // records, by worker
	slots  []slot     // by object number
}

// branch is an entry of a tree that matters: a subtree, or a wanted blob.
type branch struct {
	child uint32
	name  uint32 // a hash
}

// markedBranch is a branch and where its entry begins in the tree.
type markedBranch struct {
	off uint32
	branch
}

// slot says where a tree's record is: the worker, and the index in its part,
// from 1. 0: there is none. A record is a head, with the base as child and the
// number of changes as name, and the changes.
type slot uint64

// lost marks, as a part of the child, a branch that only the base has. Objects
// have numbers below it.
const lost = 1 << 31

// plant notes the branches of a tree.
func (g *grove) plant(worker int, e *pack.Entry, base memory) memory {
	p := &planter{g: g, base: base.branches}
	marks, err := readTree(e, g.v.repo.store.Format().Size(), base.marks, p)
	if err != nil {
		return memory{} // the survey said so
	}
	p.lose(len(p.base))
	if len(p.base)+len(p.changes) > 0 {
		head := branch{noObject, uint32(len(p.changes))}
		if len(p.base) > 0 {
			head.child = base.tree
		}
		part := append(append(g.parts[worker], head), p.changes...)
		g.parts[worker] = part
		g.slots[e.Index] = slot(worker)<<48 | slot(len(part)-len(p.changes))
	}
	return memory{marks: marks, branches: p.out, tree: e.Index}
}

// planter collects the branches of one tree.
type planter struct {
	g         *grove
	base, out []markedBranch
	next      int // the base's branches before it were taken over or lost
	changes   []branch
}

func (p *planter) fresh(off int, entry *treeEntry) {
	if entry.isGitlink() {
		return
	}
	num, ok := p.g.v.catalog.FindSum(entry.sum)
	if ok && (entry.isTree() || p.g.wanted[num]) {
		p.gain(markedBranch{uint32(off), branch{num, uint32(maphash.Bytes(p.g.seed, entry.name))}})
	}
}

func (p *planter) gain(b markedBranch) {
	p.out = append(p.out, b)
	p.changes = append(p.changes, b.branch)
}

func (p *planter) copied(from, to, shift int) {
	i, _ := slices.BinarySearchFunc(p.base, uint32(from), func(b markedBranch, off uint32) int { return cmp.Compare(b.off, off) })
	p.lose(i)
	for ; i < len(p.base) && p.base[i].off < uint32(to); i++ {
		b := p.base[i]
		b.off += uint32(shift)
		if i < p.next { // copied once more
			p.gain(b)
			continue
		}
		p.out = append(p.out, b)
		p.next = i + 1
	}
}

// lose notes that the base's branches up to one are not copied.
func (p *planter) lose(to int) {
	for ; p.next < to; p.next++ {
		b := p.base[p.next].branch
		b.child |= lost
		p.changes = append(p.changes, b)
	}
}

// record returns what a tree was made from, or noObject, and what is different.
func (g *grove) record(tree uint32) (base uint32, changes []branch) {
	at := g.slots[tree]
	if at == 0 {
		return noObject, nil
	}
	part, i := g.parts[at>>48], int(at&(1<<48-1))
	head := part[i-1]
	return head.child, part[i : i+int(head.name)]
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

// spread finds the trees that a branch is in.
type spread struct {
	g       *grove
	derived relation // trees made from a tree
	holders relation // trees that have a child and whose base has it not
	stack   []uint32
}

func (g *grove) spread() *spread {
	each := func(visit func(tree, base uint32, changes []branch)) {
		for tree := range g.slots {
			if base, changes := g.record(uint32(tree)); base != noObject || len(changes) > 0 {
				visit(uint32(tree), base, changes)
			}
		}
	}
	return &spread{
		g: g,
		derived: relate(len(g.slots), func(yield func(_, _ uint32)) {
			each(func(tree, base uint32, _ []branch) {
				if base != noObject {
					yield(base, tree)
				}
			})
		}),
		holders: relate(len(g.slots), func(yield func(_, _ uint32)) {
			each(func(tree, _ uint32, changes []branch) {
				for _, b := range changes {
					if b.child&lost == 0 {
						yield(b.child, tree)
					}
				}
			})
		}),
	}
}

// each calls visit with every tree that has a child, and the branch.
func (s *spread) each(child uint32, visit func(tree uint32, b branch)) {
	last := uint32(noObject)
	for _, tree := range s.holders.of(child) {
		if tree == last {
			continue // under another name, of which its record tells
		}
		last = tree
		_, changes := s.g.record(tree)
		for _, b := range changes {
			if b.child == child {
				s.follow(tree, b, visit)
			}
		}
	}
}

// follow visits a tree that has a branch, and all made from it that keep it.
func (s *spread) follow(tree uint32, b branch, visit func(uint32, branch)) {
	gone := branch{b.child | lost, b.name}
	for s.stack = append(s.stack[:0], tree); len(s.stack) > 0; {
		tree := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		visit(tree, b)
		for _, next := range s.derived.of(tree) {
			if _, changes := s.g.record(next); !slices.Contains(changes, gone) {
				s.stack = append(s.stack, next)
			}
		}
	}
}
