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
	scan        *objectScan
	graph       *graph
	trees       *signatures
	byBlob      map[uint32][]int              // credentials, by index, of each wanted blob
	sets        map[uint64][]int              // credentials below a tree of that signature, in order
	provenances []provenance                  // by credential
	rescanned   map[pack.ID][]scanner.Finding // in what was scanned once more
	additions   map[int]*addition             // by credential; nil unless only added lines count
	unions      map[*credential]int           // those that stand for others, by index
}

// attribute turns the survey's credentials into findings with a history.
func (h *Scan) attribute(ctx context.Context, s *scanner.Scanner, o *objectScan) ([]scanner.Result, error) {
	if o.partial && len(o.credentials) == 0 {
		return nil, nil
	}
	a, err := newAttribution(ctx, o)
	if err != nil {
		return nil, err
	}
	refs, err := o.listRefs(ctx)
	if err != nil {
		return nil, err
	}
	o.checkRefs(refs)
	if len(o.credentials) == 0 {
		return nil, nil
	}
	a.graph = o.newGraph(refs)
	if err := errors.Join(a.introductions(), a.assignRefs()); err != nil {
		return nil, err
	}
	if o.isRange {
		if err := a.findAdditions(ctx, s, h); err != nil {
			return nil, err
		}
	}
	var out []scanner.Result
	for i, c := range o.credentials {
		if !a.counts(i, c) {
			continue
		}
		f, err := a.finding(s, i, c)
		if err != nil {
			return nil, err
		}
		if c.unread == nil && (h.ReachableOnly && !f.Origin.History.Reachable && !a.trees.paths.truncated && !o.refsIncomplete || c.name != "" && !isSensitivePath(s, &f)) {
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
	if !a.scan.isRange {
		return !c.isUnion
	}
	tagged := slices.ContainsFunc(a.scan.tags, func(t tag) bool {
		_, holds := slices.BinarySearch(c.objects, t.num)
		return holds
	})
	return c.union == nil && (c.unread != nil || a.additions[i] != nil || a.provenances[i].named != noObject || tagged)
}

// newAttribution looks for the trees that hold the credentials. That takes the most
// memory, so all else is left for later.
func newAttribution(ctx context.Context, o *objectScan) (a *attribution, err error) {
	a = &attribution{
		scan: o, byBlob: make(map[uint32][]int), sets: make(map[uint64][]int),
		provenances: make([]provenance, len(o.credentials)),
		rescanned:   make(map[pack.ID][]scanner.Finding), unions: make(map[*credential]int),
	}
	if len(o.credentials) == 0 {
		return a, nil
	}
	for i, c := range o.credentials {
		if c.isUnion {
			a.unions[c] = i
		}
		a.provenances[i] = provenance{intro: -1, removal: -1, named: noObject, paths: make(map[string]bool)}
		for _, num := range c.objects {
			a.byBlob[num] = append(a.byBlob[num], i)
		}
	}
	if slices.ContainsFunc(o.workers, func(w *scanWorker) bool { return w.commits.full || w.treeDiffs.full }) {
		return nil, errBudget
	}
	runtime.GC() // what the walk held makes room
	a.trees, err = newSignatures(ctx, o, slices.Sorted(maps.Keys(a.byBlob)))
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
	for i, c := range a.graph.commits {
		set, err := a.credentialsUnder(c.tree)
		if err != nil {
			return err
		}
		for _, cred := range a.byBlob[c.num] { // in the commit's own text
			a.introduce(cred, i)
			if _, both := slices.BinarySearch(set, cred); !both {
				a.countCommit(cred, i)
			}
		}
		for _, cred := range set {
			a.countCommit(cred, i)
		}
		fresh, gone, err := a.changes(i, set)
		if err != nil {
			return err
		}
		for _, cred := range fresh {
			a.introduce(cred, i)
			a.provenances[cred].atOrBefore = a.provenances[cred].atOrBefore || a.graph.lacksParent(i)
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
	c := a.graph.commits[commit]
	fresh = set
	for i, p := range a.graph.parentsOf(commit) {
		k, ok := a.graph.find(p)
		if !ok {
			continue
		}
		tree := a.graph.commits[k].tree
		if a.trees.signature(tree) == a.trees.signature(c.tree) {
			return nil, nil, nil
		}
		theirs, err := a.credentialsUnder(tree)
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
	if a.graph.lacksParent(commit) {
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
func (a *attribution) credentialsUnder(tree uint32) ([]int, error) {
	sig := a.trees.signature(tree)
	if set, ok := a.sets[sig]; ok || sig == 0 {
		return set, nil
	}
	list, err := a.trees.pathsUnder(tree)
	if err != nil {
		return nil, fmt.Errorf("look for the origin of a finding: %w", err)
	}
	var set []int
	for _, h := range list {
		for _, cred := range a.byBlob[h.blob] {
			set = append(set, cred)
			a.provenances[cred].paths[h.path] = true
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	a.sets[sig] = set
	return set, nil
}

// refs looks at what refs lead to.
func (a *attribution) assignRefs() error {
	for i, r := range slices.Concat(a.graph.tips, a.graph.objectRefs) {
		other := i >= len(a.graph.tips)
		set, ok := a.byBlob[r.object]
		if !ok || !other {
			var err error
			if set, err = a.credentialsUnder(r.object); err != nil {
				return err
			}
		}
		for _, cred := range set {
			a.provenances[cred].refs = append(a.provenances[cred].refs, r.name)
			if other {
				a.provenances[cred].named = r.object
			}
		}
	}
	return nil
}

func (a *attribution) countCommit(cred, commit int) {
	if a.graph.reachable[commit] {
		a.provenances[cred].commits++
	} else {
		a.provenances[cred].unreachable++
	}
}

// introduce notes that a commit introduces a credential. Of several the first
// in time counts, reachable ones before others.
func (a *attribution) introduce(cred, commit int) {
	t := &a.provenances[cred]
	if t.intro < 0 || a.before(commit, t.intro) {
		t.intro = commit
	}
}

// remove notes that a commit takes a credential out. Of several the last in
// time counts, reachable ones before others.
func (a *attribution) remove(cred, commit int) {
	t := &a.provenances[cred]
	switch {
	case t.removal < 0:
	case a.graph.reachable[commit] != a.graph.reachable[t.removal]:
		if !a.graph.reachable[commit] {
			return
		}
	case a.before(commit, t.removal):
		return
	}
	t.removal = commit
}

func (a *attribution) before(x, y int) bool {
	if a.graph.reachable[x] != a.graph.reachable[y] {
		return a.graph.reachable[x]
	}
	cx, cy := a.graph.commits[x], a.graph.commits[y]
	if cx.time != cy.time {
		return cx.time < cy.time
	}
	// A script or a rebase makes several in a second.
	if gx, gy := a.graph.generation(x), a.graph.generation(y); gx != gy {
		return gx < gy
	}
	return a.scan.catalog.ID(cx.num).String() < a.scan.catalog.ID(cy.num).String()
}
