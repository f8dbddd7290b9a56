package gitrepo

import (
	"context"
	"hash/maphash"
	"maps"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// forest knows of every tree which wanted blobs are below it, without keeping
// any tree: the branches that lead to such a blob, and a signature for each tree
// that is the same for two trees exactly if they hold the same wanted blobs at
// the same paths.
type forest struct {
	v *survey
	// By object number: where a tree's branches begin, and its signature.
	start    []uint32
	branches []branch
	sig      []uint64
	holds    map[uint64][]held // by signature of a tree
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
	n := v.catalog.Len()
	g := &grove{v: v, wanted: wanted, seed: maphash.MakeSeed(), parts: make([][]branch, len(v.crew)), slots: make([]slot, n)}
	if _, err := v.walk(ctx, pack.Types(pack.Tree), g.plant); err != nil {
		return nil, err
	}
	f := &forest{v: v, holds: make(map[uint64][]held)}
	found := f.gather(g.spread(), slices.Sorted(maps.Keys(wanted)))
	f.sign(found, wanted)
	return f, nil
}

// gather finds the trees that lead to the wanted blobs, and which of their
// branches do. It returns all these objects.
func (f *forest) gather(s *spread, wanted []uint32) []uint32 {
	n := len(s.g.slots)
	f.start = make([]uint32, n+1)
	found := wanted
	for i := 0; i < len(found); i++ {
		s.each(found[i], func(tree uint32, _ branch) {
			if f.start[tree+1] == 0 {
				found = append(found, tree)
			}
			f.start[tree+1]++
		})
	}
	accumulate(f.start)
	f.branches = make([]branch, f.start[n])
	for _, num := range found {
		s.each(num, func(tree uint32, b branch) {
			f.branches[f.start[tree]] = b
			f.start[tree]++
		})
	}
	rewind(f.start)
	return found
}

func (f *forest) of(tree uint32) []branch { return f.branches[f.start[tree]:f.start[tree+1]] }

// sign computes the signatures of objects, children first.
func (f *forest) sign(objects []uint32, wanted map[uint32]bool) {
	f.sig = make([]uint64, len(f.start)-1)
	for num := range wanted {
		f.sig[num] = mix(uint64(num)+1, 1)
	}
	const unseen, open, done = 0, 1, 2 // a tree that is below itself, in a damaged repository, stays open
	state := make([]uint8, len(f.sig))
	var stack []uint32
	for _, num := range objects {
		stack = append(stack, num)
		for len(stack) > 0 {
			t := stack[len(stack)-1]
			if state[t] == unseen && len(f.of(t)) > 0 {
				state[t] = open
				for _, b := range f.of(t) {
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

// combine makes the signature of a tree from those of its branches, in whatever
// order they are.
func (f *forest) combine(tree uint32) {
	sum := uint64(0)
	for _, b := range f.of(tree) {
		if s := f.sig[b.child]; s != 0 {
			sum += mix(uint64(b.name), s)
		}
	}
	if sum != 0 {
		f.sig[tree] = mix(sum, 2)
	}
}

func mix(a, b uint64) uint64 {
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
