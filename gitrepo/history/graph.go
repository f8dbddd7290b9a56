package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
)

// graph is the commits of a survey and what names them.
type graph struct {
	commits   []commit // in the order of their numbers
	parents   []uint32 // of all commits
	first     []uint32 // where those of each begin among them, and where the last's end
	index     []uint32 // of a commit, from 1, by object number
	reachable []bool
	tips      []tip // refs that lead to commits, HEAD first
	others    []tip // refs that lead to a tree or a blob
	tagOf     map[uint32]bool
	// generations are greater than those of any parent; 0 is not known yet.
	generations []int32
}

// tip is a ref and what it leads to, by way of tags: a commit's tree, or another
// object.
type tip struct {
	name   string
	object uint32
}

// allRefs returns the refs, which are listed once. If some cannot be, that is a fault.
func (v *survey) allRefs(ctx context.Context) ([]gitrepo.Ref, error) {
	if v.listed {
		return v.refs, nil
	}
	refs, err := v.repo.Refs(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, gitrepo.ErrRefs):
		v.unlisted = true
		v.faults = append(v.faults, err)
	}
	v.refs, v.listed = refs, true
	return refs, nil
}

// follow notes refs to objects that are missing.
func (v *survey) follow(refs []gitrepo.Ref) {
	for _, r := range refs {
		if !v.part && !v.catalog.Has(r.ID) {
			v.missing.note(r.ID, r.Name)
		}
	}
}

// newGraph orders the commits and follows the refs.
func (v *survey) newGraph(refs []gitrepo.Ref) *graph {
	g := &graph{index: make([]uint32, v.catalog.Len()), tagOf: make(map[uint32]bool)}
	g.order(v.crew)
	g.reachable = make([]bool, len(g.commits))
	targets := make(map[uint32]uint32, len(v.tags))
	for _, t := range v.tags {
		targets[t.num] = t.target
	}
	var stack []int
	for _, r := range refs {
		num, ok := v.catalog.Find(r.ID)
		if !ok {
			continue
		}
		for target, ok := targets[num]; ok && !g.tagOf[num]; target, ok = targets[num] { // tags of tags
			g.tagOf[num] = true
			num = target
		}
		if i, ok := g.at(num); ok {
			g.tips = append(g.tips, tip{r.Name, g.commits[i].tree})
			stack = append(stack, i)
		} else if num != noObject && !g.tagOf[num] {
			g.others = append(g.others, tip{r.Name, num})
		}
	}
	g.reach(stack)
	return g
}

// order puts in the commits that the surveyors noted.
func (g *graph) order(crew []*surveyor) {
	commits, parents := 0, uint32(0)
	for _, w := range crew {
		w.commits.each(func(c commit, list []uint32) {
			commits++
			g.index[c.num] = 1 + uint32(len(list)) // until its index is known
		})
	}
	g.commits, g.first = make([]commit, commits), make([]uint32, 1, commits+1)
	for num, n := range g.index {
		if n > 0 {
			parents += n - 1
			g.index[num] = uint32(len(g.first))
			g.first = append(g.first, parents)
		}
	}
	g.parents = make([]uint32, parents)
	for _, w := range crew {
		w.commits.each(func(c commit, list []uint32) {
			i := g.index[c.num] - 1
			g.commits[i] = c
			copy(g.parents[g.first[i]:], list)
		})
	}
}

// parentsOf returns the parents of a commit, by its index: noObject for each that is
// missing, or beyond the cut of a shallow clone.
func (g *graph) parentsOf(i int) []uint32 { return g.parents[g.first[i]:g.first[i+1]] }

// at returns the index of a commit.
func (g *graph) at(num uint32) (index int, ok bool) {
	if num == noObject {
		return 0, false
	}
	index = int(g.index[num]) - 1
	return index, index >= 0
}

// orphaned reports whether a parent of a commit, or the parent's tree, is not here.
func (g *graph) orphaned(commit int) bool {
	return slices.ContainsFunc(g.parentsOf(commit), func(p uint32) bool {
		k, ok := g.at(p)
		return !ok || g.commits[k].tree == noObject
	})
}

// reach marks what the commits in stack lead to.
func (g *graph) reach(stack []int) {
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if g.reachable[i] {
			continue
		}
		g.reachable[i] = true
		for _, p := range g.parentsOf(i) {
			if k, ok := g.at(p); ok && !g.reachable[k] {
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
			k, ok := g.at(p)
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

// sortRefs sorts refs into branches and tags.
func sortRefs(names []string) (head bool, branches, tags []string) {
	for _, name := range names {
		switch {
		case name == "HEAD":
			head = true
		case strings.HasPrefix(name, "refs/heads/"):
			branches = append(branches, strings.TrimPrefix(name, "refs/heads/"))
		case strings.HasPrefix(name, "refs/tags/"):
			tags = append(tags, strings.TrimPrefix(name, "refs/tags/"))
		default:
			branches = append(branches, strings.TrimPrefix(name, "refs/"))
		}
	}
	return head, branches, tags
}

// maxObject is how large a commit, a tag or a tree may be to be read again.
const maxObject = 64 << 20

// header reads a commit object.
func (v *survey) header(num uint32) (commitHeader, error) {
	id := v.catalog.ID(num)
	_, data, err := v.catalog.Read(id, maxObject)
	if err != nil {
		return commitHeader{}, fmt.Errorf("read commit %v: %w", id, err)
	}
	h, _ := parseCommit(data)
	return h, nil
}

// tagName reads the name of an annotated tag.
func (v *survey) tagName(id pack.ID) (string, error) {
	_, data, err := v.catalog.Read(id, maxObject)
	if err != nil {
		return "", fmt.Errorf("read tag %v: %w", id, err)
	}
	_, name := parseTag(data)
	return name, nil
}
