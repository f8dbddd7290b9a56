package history

import (
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
)

// graph is the commits of a survey and what names them.
type graph struct {
	commits     []commit // in the order of their numbers
	parents     []uint32 // of all commits
	firstParent []uint32 // where those of each begin among them, and where the last's end
	index       []uint32 // of a commit, from 1, by object number
	reachable   []bool
	tips        []refTarget // refs that lead to commits, HEAD first
	objectRefs  []refTarget // refs that lead to a tree or a blob
	tagged      map[uint32]bool
	// generations are greater than those of any parent; 0 is not known yet.
	generations []int32
}

// tip is a ref and what it leads to, by way of tags: a commit's tree, or another
// object.
type refTarget struct {
	name   string
	object uint32
}

// newGraph orders the commits and follows the refs.
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
		for target, ok := targets[num]; ok && !g.tagged[num]; target, ok = targets[num] { // tags of tags
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

// order puts in the commits that the surveyors noted.
func (g *graph) addCommits(crew []*scanWorker) {
	commits, parents := 0, uint32(0)
	for _, w := range crew {
		w.commits.each(func(c commit, list []uint32) {
			commits++
			g.index[c.num] = 1 + uint32(len(list)) // until its index is known
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
	for _, w := range crew {
		w.commits.each(func(c commit, list []uint32) {
			i := g.index[c.num] - 1
			g.commits[i] = c
			copy(g.parents[g.firstParent[i]:], list)
		})
	}
}

// parentsOf returns the parents of a commit, by its index: noObject for each that is
// missing, or beyond the cut of a shallow clone.
func (g *graph) parentsOf(i int) []uint32 { return g.parents[g.firstParent[i]:g.firstParent[i+1]] }

// at returns the index of a commit.
func (g *graph) find(num uint32) (index int, ok bool) {
	if num == noObject {
		return 0, false
	}
	index = int(g.index[num]) - 1
	return index, index >= 0
}

// orphaned reports whether a parent of a commit, or the parent's tree, is not here.
func (g *graph) lacksParent(commit int) bool {
	return slices.ContainsFunc(g.parentsOf(commit), func(p uint32) bool {
		k, ok := g.find(p)
		return !ok || g.commits[k].tree == noObject
	})
}

// reach marks what the commits in stack lead to.
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

// generation returns how many commits the longest way from a commit to a root
// has.
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
