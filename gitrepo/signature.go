package gitrepo

import (
	"context"
	"maps"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// signatures knows of every tree which wanted blobs are below it, without keeping
// any tree: the children that lead to such a blob, and a signature for each tree
// that is the same for two trees exactly if they hold the same wanted blobs at
// the same paths.
type signatures struct {
	v *survey
	// By object number: where a tree's children begin, and its signature.
	start    []uint32
	children []child
	sig      []uint64
	paths    paths
}

// newSignatures visits all trees, or only those of the selection.
func newSignatures(ctx context.Context, v *survey, wanted map[uint32]bool) (*signatures, error) {
	l := newLineage(v, wanted)
	if _, err := v.walk(ctx, pack.Types(pack.Tree), l.note); err != nil {
		return nil, err
	}
	s := &signatures{v: v, paths: paths{lists: make(map[uint64][]held)}}
	found := s.gather(l.spread(), slices.Sorted(maps.Keys(wanted)))
	s.sign(found, wanted)
	return s, nil
}

// gather finds the trees that lead to the wanted blobs, and which of their
// children do. It returns all these objects.
func (s *signatures) gather(in *spread, wanted []uint32) []uint32 {
	n := len(in.l.slots)
	s.start = make([]uint32, n+1)
	found := wanted
	for i := 0; i < len(found); i++ {
		in.each(found[i], func(tree uint32, _ child) {
			if s.start[tree+1] == 0 {
				found = append(found, tree)
			}
			s.start[tree+1]++
		})
	}
	accumulate(s.start)
	s.children = make([]child, s.start[n])
	for _, num := range found {
		in.each(num, func(tree uint32, c child) {
			s.children[s.start[tree]] = c
			s.start[tree]++
		})
	}
	rewind(s.start)
	return found
}

func (s *signatures) of(tree uint32) []child { return s.children[s.start[tree]:s.start[tree+1]] }

// sign computes the signatures of objects, children first.
func (s *signatures) sign(objects []uint32, wanted map[uint32]bool) {
	s.sig = make([]uint64, len(s.start)-1)
	for num := range wanted {
		s.sig[num] = mix(uint64(num)+1, 1)
	}
	const unseen, open, done = 0, 1, 2 // a tree that is below itself, in a damaged repository, stays open
	state := make([]uint8, len(s.sig))
	var stack []uint32
	for _, num := range objects {
		stack = append(stack, num)
		for len(stack) > 0 {
			t := stack[len(stack)-1]
			if state[t] == unseen && len(s.of(t)) > 0 {
				state[t] = open
				for _, c := range s.of(t) {
					if state[c.num] == unseen {
						stack = append(stack, c.num)
					}
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if state[t] == open {
				s.combine(t)
			}
			state[t] = done
		}
	}
}

// combine makes the signature of a tree from those of its children, in whatever
// order they are.
func (s *signatures) combine(tree uint32) {
	sum := uint64(0)
	for _, c := range s.of(tree) {
		if s := s.sig[c.num]; s != 0 {
			sum += mix(uint64(c.name), s)
		}
	}
	if sum != 0 {
		s.sig[tree] = mix(sum, 2)
	}
}

func mix(a, b uint64) uint64 {
	h := (a ^ b*0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	h ^= h >> 29
	return max(h, 1)
}

// signature returns that of a commit's tree; 0 if nothing wanted is below.
func (s *signatures) signature(tree uint32) uint64 {
	if tree == noObject {
		return 0
	}
	return s.sig[tree]
}
