package history

import (
	"context"
	"iter"
	"sync"

	"github.com/keyguard/keyguard/internal/bitset"
)

// signatures knows of every tree which wanted blobs are below it, without keeping
// any tree: the children that lead to such a blob, and a signature for each tree
// that is the same for two trees exactly if they hold the same wanted blobs at
// the same paths.
type signatures struct {
	scan     *objectScan
	nodes    chunkList[node] // the wanted blobs, and then the trees that lead to them
	index    []uint32        // of a node, from 1, by the number of its object
	children chunkList[child]
	sigs     []uint64 // by node
	paths    pathLists
	mu       sync.Mutex // for link
}

// node is a wanted blob, or a tree that leads to one.
type node struct {
	num  uint32 // of the object
	last uint32 // the last of a tree's children, from 1
}

// linked is a child, and the one before it of the same tree.
type child struct {
	name   uint64
	node   uint32
	before uint32
}

const childSize = 16 // bytes

// newSignatures looks at the lineages of all trees, or those of the selection.
func newSignatures(ctx context.Context, o *objectScan, wanted []uint32) (*signatures, error) {
	s := &signatures{scan: o, paths: pathLists{lists: make(map[uint64][]pathEntry)}}
	if err := s.collect(ctx, wanted); err != nil {
		return nil, err
	}
	for _, w := range o.workers { // they have served
		w.treeDiffs = treeDiffs{}
	}
	s.compute(len(wanted))
	return s, nil
}

// gather finds the trees that lead to the wanted blobs, and which of their children
// do.
func (s *signatures) collect(ctx context.Context, wanted []uint32) error {
	var diffs []*treeDiffs
	for _, w := range s.scan.workers {
		diffs = append(diffs, &w.treeDiffs)
	}
	n := s.scan.catalog.Len()
	s.index = make([]uint32, n)
	for _, num := range wanted {
		s.nodeFor(num)
	}
	q := newTreeQuery(diffs, n)
	for depth, known := 0, 0; known < s.nodes.n; depth++ {
		if depth > maxDepth {
			s.truncate() // the trees farther up count as if they held nothing
			break
		}
		sought, some := bitset.New(n), false
		for ; known < s.nodes.n; known++ {
			if num := s.nodes.at(known).num; known < len(wanted) || s.scan.childTrees.Has(num) {
				sought.Add(num)
				some = true
			}
		}
		if !some { // all are trees of commits
			break
		}
		if err := q.find(ctx, sought, s.addChild); err != nil {
			return err
		}
	}
	return nil
}

// link notes that a tree has an object as an entry.
func (s *signatures) addChild(tree, num uint32, name uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if childSize*int64(s.children.n) >= maxLogBytes(s.scan.catalog.Len()) {
		return errBudget
	}
	parent := s.nodeFor(tree)
	s.children.add(child{name, s.index[num] - 1, parent.last})
	parent.last = uint32(s.children.n)
	return nil
}

// node returns that of an object, which there will be one of.
func (s *signatures) nodeFor(num uint32) *node {
	if s.index[num] == 0 {
		s.nodes.add(node{num: num})
		s.index[num] = uint32(s.nodes.n)
	}
	return s.nodes.at(int(s.index[num]) - 1)
}

// childrenOf yields the children of a node.
func (s *signatures) childrenOf(n uint32) iter.Seq[child] {
	return func(yield func(child) bool) {
		for i := s.nodes.at(int(n)).last; i > 0; {
			c := s.children.at(int(i) - 1)
			if !yield(*c) {
				return
			}
			i = c.before
		}
	}
}

// sign computes the signatures of all nodes, children first. So many in front are blobs.
func (s *signatures) compute(blobs int) {
	s.sigs = make([]uint64, s.nodes.n)
	for i := range blobs {
		s.sigs[i] = mix(uint64(s.nodes.at(i).num)+1, 1)
	}
	const unseen, open, done = 0, 1, 2 // a tree that is below itself, in a damaged repository, stays open
	state := make([]uint8, s.nodes.n)
	var stack []uint32
	for i := range uint32(s.nodes.n) {
		stack = append(stack, i)
		for len(stack) > 0 {
			t := stack[len(stack)-1]
			if state[t] == unseen && s.nodes.at(int(t)).last > 0 {
				state[t] = open
				for c := range s.childrenOf(t) {
					if state[c.node] == unseen {
						stack = append(stack, c.node)
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
	for c := range s.childrenOf(tree) {
		if sig := s.sigs[c.node]; sig != 0 {
			sum += mix(c.name, sig)
		}
	}
	if sum != 0 {
		s.sigs[tree] = mix(sum, 2)
	}
}

func mix(a, b uint64) uint64 {
	h := (a ^ b*0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	h ^= h >> 29
	return max(h, 1)
}

// signature returns that of a commit's tree; 0 if nothing wanted is below.
func (s *signatures) signature(tree uint32) uint64 {
	if tree == noObject || s.index[tree] == 0 {
		return 0
	}
	return s.sigs[s.index[tree]-1]
}

// cut notes that there are more paths than are told.
func (s *signatures) truncate() {
	if !s.paths.truncated {
		s.paths.truncated = true
		s.scan.errs = append(s.scan.errs, errPaths)
	}
}
