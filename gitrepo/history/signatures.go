package history

import (
	"context"
	"iter"
	"sync"

	"github.com/keyguard/keyguard/internal/bitset"
)

// signatures finds the wanted blobs below each tree without keeping trees: only the
// children that lead to a wanted blob. It gives each tree a signature, which is equal for
// two trees if and only if they contain the same wanted blobs at the same paths.
type signatures struct {
	scan     *objectScan
	nodes    chunkList[node] // the wanted blobs, then the trees that contain them
	index    []uint32        // index of a node plus 1, by object number
	children chunkList[child]
	sigs     []uint64 // by node
	paths    pathLists
	mu       sync.Mutex // guards nodes, index and children in addChild
}

// node is a wanted blob, or a tree that contains one.
type node struct {
	num  uint32 // of the object
	last uint32 // index of the last child plus 1
}

// child is an entry of a tree in a list that is linked backward.
type child struct {
	name   uint64
	node   uint32
	before uint32
}

const childSize = 16 // bytes

// newSignatures computes the signatures of all trees of the scan.
func newSignatures(ctx context.Context, o *objectScan, wanted []uint32) (*signatures, error) {
	s := &signatures{scan: o, paths: pathLists{lists: make(map[uint64][]pathEntry)}}
	if err := s.collect(ctx, wanted); err != nil {
		return nil, err
	}
	for _, w := range o.workers { // release memory
		w.treeDiffs = treeDiffs{}
	}
	s.compute(len(wanted))
	return s, nil
}

// collect finds the trees that contain wanted blobs, one directory level at a time.
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
			s.truncate() // trees at higher levels count as empty
			break
		}
		sought, some := bitset.New(n), false
		for ; known < s.nodes.n; known++ {
			if num := s.nodes.at(known).num; known < len(wanted) || s.scan.childTrees.Has(num) {
				sought.Add(num)
				some = true
			}
		}
		if !some { // only root trees
			break
		}
		if err := q.find(ctx, sought, s.addChild); err != nil {
			return err
		}
	}
	return nil
}

// addChild records that a tree has an object as an entry.
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

// nodeFor returns the node of an object, and adds it if necessary.
func (s *signatures) nodeFor(num uint32) *node {
	if s.index[num] == 0 {
		s.nodes.add(node{num: num})
		s.index[num] = uint32(s.nodes.n)
	}
	return s.nodes.at(int(s.index[num]) - 1)
}

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

// compute computes the signatures of all nodes, children first. The first nodes are
// blobs.
func (s *signatures) compute(blobs int) {
	s.sigs = make([]uint64, s.nodes.n)
	for i := range blobs {
		s.sigs[i] = mix(uint64(s.nodes.at(i).num)+1, 1)
	}
	const unseen, open, done = 0, 1, 2 // a tree that contains itself, in a crafted repository, stays open
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

// combine computes the signature of a tree from its children, regardless of their order.
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

// signature returns the signature of a tree, or 0 if it contains no wanted blob.
func (s *signatures) signature(tree uint32) uint64 {
	if tree == noObject || s.index[tree] == 0 {
		return 0
	}
	return s.sigs[s.index[tree]-1]
}

// truncate records that some paths are missing.
func (s *signatures) truncate() {
	if !s.paths.truncated {
		s.paths.truncated = true
		s.scan.errs = append(s.scan.errs, errPaths)
	}
}
