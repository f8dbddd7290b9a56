package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
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
	trees  *signatures
	byBlob map[uint32][]int              // credentials, by index, of each wanted blob
	sets   map[uint64][]int              // credentials below a tree of that signature, in order
	found  []trace                       // by credential
	again  map[pack.ID][]scanner.Finding // in what was scanned once more
	added  map[int]*addition             // by credential; nil unless only added lines count
	wholes map[*credential]int           // those that stand for others, by index
}

// attribute turns the survey's credentials into findings with a history.
func (h *History) attribute(ctx context.Context, s *scanner.Scanner, v *survey) ([]scanner.Result, error) {
	if v.part && len(v.credentials) == 0 {
		return nil, nil
	}
	a, err := newAttribution(ctx, v)
	if err != nil {
		return nil, err
	}
	refs, err := v.allRefs(ctx)
	if err != nil {
		return nil, err
	}
	v.follow(refs)
	if len(v.credentials) == 0 {
		return nil, nil
	}
	a.g = v.newGraph(refs)
	if err := errors.Join(a.introductions(), a.refs()); err != nil {
		return nil, err
	}
	if v.additive {
		if err := a.additions(ctx, s, h); err != nil {
			return nil, err
		}
	}
	var out []scanner.Result
	for i, c := range v.credentials {
		if !a.counts(i, c) {
			continue
		}
		f, err := a.finding(s, i, c)
		if err != nil {
			return nil, err
		}
		if c.unread == nil && (h.ReachableOnly && !f.Origin.History.Reachable && !a.trees.paths.cut && !v.unlisted || c.name != "" && !sensitivePath(s, &f)) {
			continue
		}
		out = append(out, c.result(f))
	}
	slices.SortStableFunc(out, inOrder)
	return out, nil
}

// counts reports whether a credential is a finding, or was not read. Of one that marks allow in some
// objects only, the part that they do not allow is, or, where only added lines count, the
// whole. What was found in an object and is not on an added line is known from before.
func (a *attribution) counts(i int, c *credential) bool {
	if !a.v.additive {
		return !c.isWhole
	}
	tagged := slices.ContainsFunc(a.v.tags, func(t tag) bool {
		_, holds := slices.BinarySearch(c.objects, t.num)
		return holds
	})
	return c.whole == nil && (c.unread != nil || a.added[i] != nil || a.found[i].named != noObject || tagged)
}

// newAttribution looks for the trees that hold the credentials. That takes the most
// memory, so all else is left for later.
func newAttribution(ctx context.Context, v *survey) (a *attribution, err error) {
	a = &attribution{
		v: v, byBlob: make(map[uint32][]int), sets: make(map[uint64][]int),
		found: make([]trace, len(v.credentials)),
		again: make(map[pack.ID][]scanner.Finding), wholes: make(map[*credential]int),
	}
	if len(v.credentials) == 0 {
		return a, nil
	}
	for i, c := range v.credentials {
		if c.isWhole {
			a.wholes[c] = i
		}
		a.found[i] = trace{intro: -1, removal: -1, named: noObject, paths: make(map[string]bool)}
		for _, num := range c.objects {
			a.byBlob[num] = append(a.byBlob[num], i)
		}
	}
	if slices.ContainsFunc(v.crew, func(w *surveyor) bool { return w.commits.full || w.lineage.full }) {
		return nil, errNotes
	}
	runtime.GC() // what the walk held makes room
	a.trees, err = newSignatures(ctx, v, slices.Sorted(maps.Keys(a.byBlob)))
	return a, err
}

// inOrder sorts findings by the age of their commits, then by place.
func inOrder(a, b scanner.Result) int {
	x, y := a.Origin.History, b.Origin.History
	return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(x.Commit, y.Commit), cmp.Compare(a.Origin.Path, b.Origin.Path),
		cmp.Compare(a.Origin.Object, b.Origin.Object), cmp.Compare(firstByte(&a), firstByte(&b)))
}

// firstByte returns where a result's finding begins; -1 if it has none.
func firstByte(r *scanner.Result) int64 {
	if len(r.Findings) == 0 {
		return -1
	}
	return r.Findings[0].Span.Start
}

// introductions looks at each commit once.
func (a *attribution) introductions() error {
	for i, c := range a.g.commits {
		set, err := a.set(c.tree)
		if err != nil {
			return err
		}
		for _, cred := range a.byBlob[c.num] { // in the commit's own text
			a.introduce(cred, i)
			if _, both := slices.BinarySearch(set, cred); !both {
				a.count(cred, i)
			}
		}
		for _, cred := range set {
			a.count(cred, i)
		}
		fresh, gone, err := a.changes(i, set)
		if err != nil {
			return err
		}
		for _, cred := range fresh {
			a.introduce(cred, i)
			a.found[cred].older = a.found[cred].older || a.g.orphaned(i)
		}
		for _, cred := range gone {
			a.remove(cred, i)
		}
	}
	return nil
}

// changes returns which of a commit's credentials no parent has, and which it
// lacks though all parents have them: none if a parent is not here.
func (a *attribution) changes(commit int, set []int) (fresh, gone []int, err error) {
	c := a.g.commits[commit]
	fresh = set
	for i, p := range a.g.parentsOf(commit) {
		k, ok := a.g.at(p)
		if !ok {
			continue
		}
		tree := a.g.commits[k].tree
		if a.trees.signature(tree) == a.trees.signature(c.tree) {
			return nil, nil, nil
		}
		theirs, err := a.set(tree)
		if err != nil {
			return nil, nil, err
		}
		fresh = without(fresh, theirs)
		switch {
		case c.tree == noObject:
		case i == 0:
			gone = without(theirs, set)
		default:
			gone = without(gone, without(gone, theirs))
		}
	}
	if a.g.orphaned(commit) {
		gone = nil
	}
	return fresh, gone, nil
}

// without returns what of a list is not in another, both in order.
func without(list, other []int) []int {
	var out []int
	for _, cred := range list {
		for len(other) > 0 && other[0] < cred {
			other = other[1:]
		}
		if len(other) == 0 || other[0] != cred {
			out = append(out, cred)
		}
	}
	return out
}

// set returns the credentials below a tree.
func (a *attribution) set(tree uint32) ([]int, error) {
	sig := a.trees.signature(tree)
	if set, ok := a.sets[sig]; ok || sig == 0 {
		return set, nil
	}
	list, err := a.trees.under(tree)
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

// refs looks at what refs lead to.
func (a *attribution) refs() error {
	for i, r := range slices.Concat(a.g.tips, a.g.others) {
		other := i >= len(a.g.tips)
		set, ok := a.byBlob[r.object]
		if !ok || !other {
			var err error
			if set, err = a.set(r.object); err != nil {
				return err
			}
		}
		for _, cred := range set {
			a.found[cred].refs = append(a.found[cred].refs, r.name)
			if other {
				a.found[cred].named = r.object
			}
		}
	}
	return nil
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

// remove notes that a commit takes a credential out. Of several the last in
// time counts, reachable ones before others.
func (a *attribution) remove(cred, commit int) {
	t := &a.found[cred]
	switch {
	case t.removal < 0:
	case a.g.reachable[commit] != a.g.reachable[t.removal]:
		if !a.g.reachable[commit] {
			return
		}
	case a.before(commit, t.removal):
		return
	}
	t.removal = commit
}

func (a *attribution) before(x, y int) bool {
	if a.g.reachable[x] != a.g.reachable[y] {
		return a.g.reachable[x]
	}
	cx, cy := a.g.commits[x], a.g.commits[y]
	if cx.time != cy.time {
		return cx.time < cy.time
	}
	// A script or a rebase makes several in a second.
	if gx, gy := a.g.generation(x), a.g.generation(y); gx != gy {
		return gx < gy
	}
	return a.v.catalog.ID(cx.num).String() < a.v.catalog.ID(cy.num).String()
}
