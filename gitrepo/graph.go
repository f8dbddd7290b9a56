package gitrepo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// graph is the commits of a survey and what names them.
type graph struct {
	commits   []commit // by object number
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

// newGraph reads the refs and follows them. Refs to objects that are not there
// are faults of the survey.
func (v *survey) newGraph(refs []ref) *graph {
	g := &graph{commits: v.commits, reachable: make([]bool, len(v.commits)), tagOf: make(map[uint32]bool)}
	targets := make(map[uint32]uint32, len(v.tags))
	for _, t := range v.tags {
		targets[t.num] = t.target
	}
	var stack []int
	for _, r := range refs {
		num, ok := v.catalog.Find(r.id)
		if !ok {
			if !v.part {
				v.missing.note(r.id, r.name)
			}
			continue
		}
		for target, ok := targets[num]; ok && !g.tagOf[num]; target, ok = targets[num] { // tags of tags
			g.tagOf[num] = true
			num = target
		}
		if i, ok := g.at(num); ok {
			g.tips = append(g.tips, tip{r.name, g.commits[i].tree})
			stack = append(stack, i)
		} else if num != noObject && !g.tagOf[num] {
			g.others = append(g.others, tip{r.name, num})
		}
	}
	g.reach(stack)
	return g
}

// at returns the index of a commit.
func (g *graph) at(num uint32) (index int, ok bool) {
	return slices.BinarySearchFunc(g.commits, num, func(c commit, num uint32) int { return cmp.Compare(c.num, num) })
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
		for _, p := range g.commits[i].parents {
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
		for _, p := range g.commits[i].parents {
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

// names sorts the refs that lead to the objects in holding into branches and
// tags.
func (g *graph) names(holds func(tip) bool) (head bool, branches, tags []string) {
	for _, t := range slices.Concat(g.tips, g.others) {
		if !holds(t) {
			continue
		}
		switch {
		case t.name == "HEAD":
			head = true
		case strings.HasPrefix(t.name, "refs/heads/"):
			branches = append(branches, strings.TrimPrefix(t.name, "refs/heads/"))
		case strings.HasPrefix(t.name, "refs/tags/"):
			tags = append(tags, strings.TrimPrefix(t.name, "refs/tags/"))
		default:
			branches = append(branches, strings.TrimPrefix(t.name, "refs/"))
		}
	}
	return head, branches, tags
}

// maxObject is how large a commit, a tag or a tree may be to be read again.
const maxObject = 64 << 20

// header reads a commit object.
func (v *survey) header(num uint32) (commitHeader, error) {
	id := v.catalog.ID(num)
	_, data, err := v.repo.store.Read(id, maxObject)
	if err != nil {
		return commitHeader{}, fmt.Errorf("read commit %v: %w", id, err)
	}
	h, _ := parseCommit(data)
	return h, nil
}

// tagName reads the name of an annotated tag.
func (v *survey) tagName(id pack.ID) (string, error) {
	_, data, err := v.repo.store.Read(id, maxObject)
	if err != nil {
		return "", fmt.Errorf("read tag %v: %w", id, err)
	}
	_, name := parseTag(data)
	return name, nil
}
