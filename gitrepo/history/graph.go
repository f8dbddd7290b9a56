package history

import (
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
)

// graph holds the commits of a scan and the refs to them.
type graph struct {
	commits     []commit // sorted by number
	parents     []uint32 // of all commits, concatenated
	firstParent []uint32 // index of the first parent of each commit, and len(parents)
	index       []uint32 // index of a commit plus 1, by object number
	reachable   []bool
	tips        []refTarget // refs to commits, HEAD first
	objectRefs  []refTarget // refs to trees and blobs
	tagged      map[uint32]bool
	// generations are greater than the generations of all parents; 0 is not computed yet.
	generations []int32
}

// refTarget is a ref and its object after tags: the tree of a commit, or another object.
type refTarget struct {
	name   string
	object uint32
}

// newGraph collects the commits of the workers and resolves the refs.
func (o *objectScan) newGraph(refs []gitrepo.Ref) *graph {
	g := &graph{index: make([]uint32, o.catalog.Len()), tagged: make(map[uint32]bool)}
	g.addCommits(o.workers)
	g.reachable = make([]bool, len(g.commits))
	targets := make(map[uint32]uint32, len(o.tags))
	for _, t := range o.tags {
		targets[t.num] = t.target
	}
	var stack []int
	for _, r := range refs {
		num, ok := o.catalog.Find(r.ID)
		if !ok {
			continue
		}
		for target, ok := targets[num]; ok && !g.tagged[num]; target, ok = targets[num] { // a tag may point to a tag
			g.tagged[num] = true
			num = target
		}
		if i, ok := g.find(num); ok {
			g.tips = append(g.tips, refTarget{r.Name, g.commits[i].tree})
			stack = append(stack, i)
		} else if num != noObject && !g.tagged[num] {
			g.objectRefs = append(g.objectRefs, refTarget{r.Name, num})
		}
	}
	g.markReachable(stack)
	return g
}

// addCommits adds the commits of the workers, sorted by number.
func (g *graph) addCommits(workers []*scanWorker) {
	commits, parents := 0, uint32(0)
	for _, w := range workers {
		w.commits.each(func(c commit, list []uint32) {
			commits++
			g.index[c.num] = 1 + uint32(len(list)) // replaced by its index below
		})
	}
	g.commits, g.firstParent = make([]commit, commits), make([]uint32, 1, commits+1)
	for num, n := range g.index {
		if n > 0 {
			parents += n - 1
			g.index[num] = uint32(len(g.firstParent))
			g.firstParent = append(g.firstParent, parents)
		}
	}
	g.parents = make([]uint32, parents)
	for _, w := range workers {
		w.commits.each(func(c commit, list []uint32) {
			i := g.index[c.num] - 1
			g.commits[i] = c
			copy(g.parents[g.firstParent[i]:], list)
		})
	}
}

// parentsOf returns the parents of the commit with index i. A parent that is missing or
// past the shallow boundary is noObject.
func (g *graph) parentsOf(i int) []uint32 { return g.parents[g.firstParent[i]:g.firstParent[i+1]] }

// find returns the index of a commit.
func (g *graph) find(num uint32) (index int, ok bool) {
	if num == noObject {
		return 0, false
	}
	index = int(g.index[num]) - 1
	return index, index >= 0
}

// lacksParent reports whether a parent of a commit, or the tree of one, is missing.
func (g *graph) lacksParent(commit int) bool {
	return slices.ContainsFunc(g.parentsOf(commit), func(p uint32) bool {
		k, ok := g.find(p)
		return !ok || g.commits[k].tree == noObject
	})
}

// markReachable marks the commits on the stack and their ancestors.
func (g *graph) markReachable(stack []int) {
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if g.reachable[i] {
			continue
		}
		g.reachable[i] = true
		for _, p := range g.parentsOf(i) {
			if k, ok := g.find(p); ok && !g.reachable[k] {
				stack = append(stack, k)
			}
		}
	}
}

// generation returns the number of commits on the longest path from a commit to a root.
func (g *graph) generation(commit int) int32 {
	if g.generations == nil {
		g.generations = make([]int32, len(g.commits))
	}
	for stack := []int{commit}; len(stack) > 0; {
		i, highest, ready := stack[len(stack)-1], int32(0), true
		for _, p := range g.parentsOf(i) {
			k, ok := g.find(p)
			if ok && g.generations[k] == 0 {
				stack, ready = append(stack, k), false
			} else if ok {
				highest = max(highest, g.generations[k])
			}
		}
		if ready {
			g.generations[i] = highest + 1
			stack = stack[:len(stack)-1]
		}
	}
	return g.generations[commit]
}
