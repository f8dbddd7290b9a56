package gitrepo

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
)

// signatures knows of every tree which wanted blobs are below it, without keeping
// any tree: the children that lead to such a blob, and a signature for each tree
// that is the same for two trees exactly if they hold the same wanted blobs at
// the same paths.
type signatures struct {
	v *survey
	// By object number: the last of a tree's children, as an index from 1, and its
	// signature.
	last     []uint32
	children []linked
	sig      []uint64
	paths    paths
}

// linked is a child, and the one before it of the same tree.
type linked struct {
	child
	before uint32
}

// errLineage tells of a bound. That of words holds for the children, too, of three words
// each: a few trees may hold one millions of times.
var errLineage = errors.New("it is not told where findings came from: folders have too many entries")

// newSignatures looks at the lineages of all trees, or those of the selection.
func newSignatures(ctx context.Context, v *survey, wanted map[uint32]bool) (*signatures, error) {
	s := &signatures{v: v, paths: paths{lists: make(map[uint64][]held)}}
	found, err := s.gather(ctx, slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return nil, err
	}
	s.sign(found, wanted)
	return s, nil
}

// gather finds the trees that lead to the wanted blobs, and which of their children
// do. It returns all these objects.
func (s *signatures) gather(ctx context.Context, wanted []uint32) (found []uint32, err error) {
	n := s.v.catalog.Len()
	d, err := s.descent(wanted)
	if err != nil {
		return nil, err
	}
	s.last = make([]uint32, n)
	found = wanted
	for i := 0; i < len(found) && err == nil; i++ {
		err = d.each(ctx, found[i], func(tree uint32, c child) error {
			if 3*int64(len(s.children)) >= maxWords(n) {
				return errLineage
			}
			if s.last[tree] == 0 {
				found = append(found, tree)
			}
			s.children = append(s.children, linked{c, s.last[tree]})
			s.last[tree] = uint32(len(s.children))
			return nil
		})
	}
	return found, err
}

// descent indexes what the surveyors noted.
func (s *signatures) descent(wanted []uint32) (*descent, error) {
	var lineages []*lineage
	for _, w := range s.v.crew {
		if w.lineage.cut {
			return nil, errLineage
		}
		lineages = append(lineages, &w.lineage)
	}
	n := s.v.catalog.Len()
	set := make([]uint64, n/64+1)
	for _, num := range wanted {
		set[num/64] |= 1 << (num % 64)
	}
	return newDescent(lineages, n, func(num uint32) bool { return set[num/64]>>(num%64)&1 == 1 }), nil
}

// of yields the children of a tree.
func (s *signatures) of(tree uint32) iter.Seq[child] {
	return func(yield func(child) bool) {
		for i := s.last[tree]; i > 0; i = s.children[i-1].before {
			if !yield(s.children[i-1].child) {
				return
			}
		}
	}
}

// sign computes the signatures of objects, children first.
func (s *signatures) sign(objects []uint32, wanted map[uint32]bool) {
	s.sig = make([]uint64, len(s.last))
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
			if state[t] == unseen && s.last[t] > 0 {
				state[t] = open
				for c := range s.of(t) {
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
	for c := range s.of(tree) {
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
