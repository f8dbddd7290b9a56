package gitrepo

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// forest knows of every tree which wanted blobs are below it, without keeping
// any tree: a branch for each subtree, and a signature for each tree that is
// the same for two trees exactly if they hold the same wanted blobs at the same
// paths.
type forest struct {
	v      *survey
	wanted map[uint32]bool // blobs, by number
	seed   maphash.Seed
	parts  []grove
	// By object number: where a tree's branches are, and its signature.
	place []placed
	sig   []uint64
	holds map[uint64][]held // by signature of a tree
}

// grove is what one worker collected.
type grove struct{ branches []branch }

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

// placed says which branches are a tree's.
type placed struct {
	worker, count uint32
	first         uint32
}

// maxHeld bounds the paths that are told of one tree: a few trees that hold one
// another many times can have more paths than fit in memory.
const maxHeld = 20_000

// held is a wanted blob at its path.
type held struct {
	path string
	blob uint32
}

// newForest visits all trees, or only those of the selection.
func newForest(ctx context.Context, v *survey, wanted map[uint32]bool) (*forest, error) {
	f := &forest{
		v: v, wanted: wanted, seed: maphash.MakeSeed(), parts: make([]grove, len(v.crew)),
		place: make([]placed, v.catalog.Len()), sig: make([]uint64, v.catalog.Len()), holds: make(map[uint64][]held),
	}
	_, err := v.walk(ctx, pack.Types(pack.Tree), func(worker int, e *pack.Entry, base memory) memory {
		return f.plant(uint32(worker), e, base)
	})
	if err != nil {
		return nil, err
	}
	f.sign()
	return f, nil
}

// plant notes the branches of a tree.
func (f *forest) plant(worker uint32, e *pack.Entry, base memory) memory {
	p := &planter{f: f, base: base.branches}
	marks, err := readTree(e, f.v.repo.store.Format().Size(), base.marks, p)
	if err != nil {
		return memory{} // the survey said so
	}
	part := &f.parts[worker]
	f.place[e.Index] = placed{worker, uint32(len(p.out)), uint32(len(part.branches))}
	for _, b := range p.out {
		part.branches = append(part.branches, b.branch)
	}
	return memory{marks: marks, branches: p.out}
}

// planter collects the branches of one tree.
type planter struct {
	f         *forest
	base, out []markedBranch
}

func (p *planter) fresh(off int, entry *treeEntry) {
	if entry.isGitlink() {
		return
	}
	num, ok := p.f.v.catalog.FindSum(entry.sum)
	if ok && (entry.isTree() || p.f.wanted[num]) {
		p.out = append(p.out, markedBranch{uint32(off), branch{num, uint32(maphash.Bytes(p.f.seed, entry.name))}})
	}
}

func (p *planter) copied(from, to, shift int) {
	i, _ := slices.BinarySearchFunc(p.base, uint32(from), func(b markedBranch, off uint32) int { return cmp.Compare(b.off, off) })
	for ; i < len(p.base) && p.base[i].off < uint32(to); i++ {
		b := p.base[i]
		b.off += uint32(shift)
		p.out = append(p.out, b)
	}
}

func (f *forest) branches(num uint32) []branch {
	p := f.place[num]
	return f.parts[p.worker].branches[p.first : p.first+p.count]
}

// sign computes the signatures of all trees, children first.
func (f *forest) sign() {
	for num := range f.wanted {
		f.sig[num] = f.mix(uint64(num)+1, 1)
	}
	const unseen, open, done = 0, 1, 2 // a tree that is below itself, in a damaged repository, stays open
	state := make([]uint8, len(f.sig))
	var stack []uint32
	for num := range f.place {
		stack = append(stack, uint32(num))
		for len(stack) > 0 {
			t := stack[len(stack)-1]
			if state[t] == unseen && f.place[t].count > 0 {
				state[t] = open
				for _, b := range f.branches(t) {
					if state[b.child] == unseen {
						stack = append(stack, b.child)
					}
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if state[t] == open {
				f.combine(t)
			}
			state[t] = done
		}
	}
}

// combine makes the signature of a tree from those of its branches.
func (f *forest) combine(tree uint32) {
	for _, b := range f.branches(tree) {
		if s := f.sig[b.child]; s != 0 {
			f.sig[tree] = f.mix(f.sig[tree], f.mix(uint64(b.name), s))
		}
	}
}

func (f *forest) mix(a, b uint64) uint64 {
	h := (a ^ b*0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	h ^= h >> 29
	return max(h, 1)
}

// signature returns that of a commit's tree; 0 if nothing wanted is below.
func (f *forest) signature(tree uint32) uint64 {
	if tree == noObject {
		return 0
	}
	return f.sig[tree]
}

// under returns the wanted blobs below a tree, by path.
func (f *forest) under(tree uint32) ([]held, error) {
	sig := f.sig[tree]
	if list, ok := f.holds[sig]; ok {
		return list, nil
	}
	f.holds[sig] = nil // for trees that are below themselves
	_, data, err := f.v.repo.store.Read(f.v.catalog.ID(tree), maxCompared)
	if err != nil {
		return nil, err
	}
	var out []held
	size := f.v.repo.store.Format().Size()
	for off := 0; off < len(data); {
		entry, ok := nextEntry(data, off, size)
		if !ok {
			break
		}
		off = entry.end
		if entry.isGitlink() {
			continue
		}
		num, ok := f.v.catalog.FindSum(entry.sum)
		if !ok || f.sig[num] == 0 {
			continue
		}
		name := string(entry.name)
		if len(out) >= maxHeld {
			break
		}
		if !entry.isTree() {
			out = append(out, held{name, num})
			continue
		}
		below, err := f.under(num)
		if err != nil {
			return nil, err
		}
		for _, h := range below[:min(len(below), maxHeld-len(out))] {
			out = append(out, held{name + "/" + h.path, h.blob})
		}
	}
	out = slices.Clip(out)
	f.holds[sig] = out
	return out, nil
}
