package history

import (
	"fmt"
	"slices"
)

// introductions visits every commit and records the credentials that it contains,
// introduces and removes.
func (a *attribution) introductions() error {
	for i, c := range a.graph.commits {
		set, err := a.credentialsUnder(c.tree)
		if err != nil {
			return err
		}
		for _, cred := range a.byBlob[c.num] { // in the commit object
			a.introduce(cred, i)
			if _, both := slices.BinarySearch(set, cred); !both {
				a.countCommit(cred, i)
			}
		}
		for _, cred := range set {
			a.countCommit(cred, i)
		}
		introduced, removed, err := a.changes(i, set)
		if err != nil {
			return err
		}
		for _, cred := range introduced {
			a.introduce(cred, i)
			a.provenances[cred].atOrBefore = a.provenances[cred].atOrBefore || a.graph.lacksParent(i)
		}
		for _, cred := range removed {
			a.remove(cred, i)
		}
	}
	return nil
}

// changes returns the credentials that a commit has and no parent has, and the
// credentials that it lacks and all parents have. The latter are nil if a parent is
// missing.
func (a *attribution) changes(commit int, set []int) (introduced, removed []int, err error) {
	c := a.graph.commits[commit]
	introduced = set
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
		introduced = without(introduced, theirs)
		switch {
		case c.tree == noObject:
		case i == 0:
			removed = without(theirs, set)
		default:
			removed = without(removed, without(removed, theirs))
		}
	}
	if a.graph.lacksParent(commit) {
		removed = nil
	}
	return introduced, removed, nil
}

// without returns the elements of list that are not in other. Both must be sorted.
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

// credentialsUnder returns the sorted credentials below a tree.
func (a *attribution) credentialsUnder(tree uint32) ([]int, error) {
	sig := a.trees.signature(tree)
	if set, ok := a.sets[sig]; ok || sig == 0 {
		return set, nil
	}
	list, err := a.trees.pathsUnder(tree)
	if err != nil {
		return nil, fmt.Errorf("find the origin of a finding: %w", err)
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

// assignRefs adds each ref to the provenance of the credentials that it contains.
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

// introduce records a commit that introduces a credential. The first in time is kept,
// reachable commits before others.
func (a *attribution) introduce(cred, commit int) {
	t := &a.provenances[cred]
	if t.intro < 0 || a.before(commit, t.intro) {
		t.intro = commit
	}
}

// remove records a commit that removes a credential. The last in time is kept, reachable
// commits before others.
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
	// Scripts and rebases create several commits per second.
	if gx, gy := a.graph.generation(x), a.graph.generation(y); gx != gy {
		return gx < gy
	}
	return a.scan.catalog.ID(cx.num).String() < a.scan.catalog.ID(cy.num).String()
}
