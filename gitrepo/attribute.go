package gitrepo

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// attribution works out where credentials came from.
//
// A commit introduces a credential if its tree holds it, in whatever blob and
// under whatever path, and the tree of none of its parents does. Most commits
// have the signature of a parent and are passed over.
type attribution struct {
	v      *survey
	g      *graph
	f      *forest
	byBlob map[uint32][]int // credentials, by index, of each wanted blob
	sets   map[uint64][]int // credentials below a tree of that signature, in order
	found  []trace          // by credential
}

// trace is what is known of a credential's history.
type trace struct {
	intro   int // index of the commit that introduced it; -1: none
	commits int
	unreach int // commits that no ref reaches
	paths   map[string]bool
	sigs    map[uint64]bool // of root trees that hold it
}

// attribute turns the survey's credentials into findings with a history.
func (h *History) attribute(ctx context.Context, s *scanner.Scanner, v *survey) ([]scanner.Result, error) {
	refs, err := v.repo.refs(ctx)
	if err != nil {
		return nil, err
	}
	g := v.newGraph(refs)
	if len(v.credentials) == 0 {
		return nil, nil
	}
	a := &attribution{v: v, g: g, byBlob: make(map[uint32][]int), sets: make(map[uint64][]int), found: make([]trace, len(v.credentials))}
	wanted := make(map[uint32]bool)
	for i, c := range v.credentials {
		a.found[i] = trace{intro: -1, paths: make(map[string]bool), sigs: make(map[uint64]bool)}
		for _, num := range c.objects {
			wanted[num] = true
			a.byBlob[num] = append(a.byBlob[num], i)
		}
	}
	if a.f, err = newForest(ctx, v, wanted); err != nil {
		return nil, err
	}
	if err := a.introductions(); err != nil {
		return nil, err
	}
	var out []scanner.Result
	for i, c := range v.credentials {
		f, err := a.finding(s, i, c)
		if err != nil {
			return nil, err
		}
		if h.ReachableOnly && !f.Origin.History.Reachable {
			continue
		}
		out = append(out, scanner.Result{Origin: f.Origin, Findings: []scanner.Finding{f}})
	}
	slices.SortStableFunc(out, inOrder)
	return out, nil
}

// inOrder sorts findings by the age of their commits, then by place.
func inOrder(a, b scanner.Result) int {
	x, y := a.Origin.History, b.Origin.History
	return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(x.Commit, y.Commit), cmp.Compare(a.Origin.Path, b.Origin.Path),
		cmp.Compare(a.Origin.Object, b.Origin.Object), cmp.Compare(a.Findings[0].Span.Start, b.Findings[0].Span.Start))
}

// introductions looks at each commit once.
func (a *attribution) introductions() error {
	for i, c := range a.g.commits {
		sig := a.f.signature(c.tree)
		for _, cred := range a.byBlob[c.num] { // in the commit's own text
			a.introduce(cred, i)
			a.count(cred, i)
		}
		if sig == 0 {
			continue
		}
		set, err := a.set(c.tree)
		if err != nil {
			return err
		}
		for _, cred := range set {
			a.count(cred, i)
			a.found[cred].sigs[sig] = true
		}
		fresh, err := a.fresh(c, sig, set)
		if err != nil {
			return err
		}
		for _, cred := range fresh {
			a.introduce(cred, i)
		}
	}
	return nil
}

// fresh returns which of a commit's credentials no parent has.
func (a *attribution) fresh(c commit, sig uint64, set []int) ([]int, error) {
	for _, p := range c.parents {
		k, ok := a.g.at[p]
		if !ok {
			continue
		}
		tree := a.g.commits[k].tree
		other := a.f.signature(tree)
		if other == sig {
			return nil, nil
		}
		if other == 0 {
			continue
		}
		theirs, err := a.set(tree)
		if err != nil {
			return nil, err
		}
		set = slices.DeleteFunc(slices.Clone(set), func(cred int) bool {
			_, has := slices.BinarySearch(theirs, cred)
			return has
		})
	}
	return set, nil
}

// set returns the credentials below a tree.
func (a *attribution) set(tree uint32) ([]int, error) {
	sig := a.f.signature(tree)
	if set, ok := a.sets[sig]; ok {
		return set, nil
	}
	list, err := a.f.under(tree)
	if err != nil {
		return nil, fmt.Errorf("look for the origin of a finding: %w", err)
	}
	var set []int
	for _, h := range list {
		for _, cred := range a.byBlob[h.blob] {
			set = append(set, cred)
			a.found[cred].paths[h.path] = true
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	a.sets[sig] = set
	return set, nil
}

func (a *attribution) count(cred, commit int) {
	if a.g.reachable[commit] {
		a.found[cred].commits++
	} else {
		a.found[cred].unreach++
	}
}

// introduce notes that a commit introduces a credential. Of several the first
// in time counts, reachable ones before others.
func (a *attribution) introduce(cred, commit int) {
	t := &a.found[cred]
	if t.intro < 0 || a.before(commit, t.intro) {
		t.intro = commit
	}
}

func (a *attribution) before(x, y int) bool {
	if a.g.reachable[x] != a.g.reachable[y] {
		return a.g.reachable[x]
	}
	cx, cy := a.g.commits[x], a.g.commits[y]
	if cx.time != cy.time {
		return cx.time < cy.time
	}
	return a.v.catalog.ID(cx.num).String() < a.v.catalog.ID(cy.num).String()
}

// finding makes the finding of a credential, at its place in the commit that
// introduced it.
func (a *attribution) finding(s *scanner.Scanner, i int, c *credential) (scanner.Finding, error) {
	t := a.found[i]
	history := &scanner.History{Commits: t.commits}
	object, name := c.objects[0], ""
	if t.intro >= 0 {
		intro := a.g.commits[t.intro]
		header, err := a.v.header(intro.num)
		if err != nil {
			return c.finding, err
		}
		history.Commit, history.Author, history.Date = a.v.catalog.ID(intro.num).String(), header.author, header.date
		history.Reachable = a.g.reachable[t.intro]
		if object, name, err = a.place(i, intro); err != nil {
			return c.finding, err
		}
		history.Message = object == intro.num
	}
	if err := a.tag(history, c); err != nil {
		return c.finding, err
	}
	if t.commits == 0 {
		history.Commits = t.unreach
	}
	delete(t.paths, name)
	history.Paths = slices.Sorted(maps.Keys(t.paths))
	history.InHead, history.Branches, history.Tags = a.g.names(func(commit int) bool {
		return t.sigs[a.f.signature(a.g.commits[commit].tree)]
	})
	f, err := a.relocate(s, c, a.v.catalog.ID(object))
	f.Origin = scanner.Origin{Path: name, Object: a.v.catalog.ID(object).String(), History: history}
	return f, err
}

// tag tells of a credential in an annotated tag's message.
func (a *attribution) tag(history *scanner.History, c *credential) error {
	for _, t := range a.v.tags {
		if _, ok := slices.BinarySearch(c.objects, t.num); !ok || history.Tag != "" {
			continue
		}
		name, err := a.v.tagName(a.v.catalog.ID(t.num))
		if err != nil {
			return err
		}
		history.Tag = name
		if history.Commit == "" {
			history.Message = true
			history.Reachable = a.g.tagOf[t.num]
		}
	}
	return nil
}

// place returns the blob and path under which a commit holds a credential: of
// several the first path.
func (a *attribution) place(cred int, c commit) (object uint32, name string, err error) {
	if slices.Contains(a.byBlob[c.num], cred) {
		return c.num, "", nil
	}
	list, err := a.f.under(c.tree)
	if err != nil {
		return 0, "", err
	}
	object = noObject
	for _, h := range list {
		if slices.Contains(a.byBlob[h.blob], cred) && (object == noObject || h.path < name) {
			object, name = h.blob, h.path
		}
	}
	return object, name, nil
}

// relocate finds the credential's place in an object.
func (a *attribution) relocate(s *scanner.Scanner, c *credential, id pack.ID) (scanner.Finding, error) {
	if c.finding.Origin.Object == id.String() {
		return c.finding, nil
	}
	r, err := a.v.repo.scanObject(s, id)
	if err != nil {
		return c.finding, fmt.Errorf("read %v again: %w", id, err)
	}
	for _, f := range r.Findings {
		if f.RuleID == c.finding.RuleID && f.KeyID == c.finding.KeyID && string(f.Secret) == string(c.finding.Secret) {
			return f, nil
		}
	}
	return c.finding, fmt.Errorf("object %v changed while it was read", id)
}
