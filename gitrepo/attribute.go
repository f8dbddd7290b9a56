package gitrepo

import (
	"cmp"
	"context"
	"errors"
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
	trees  *signatures
	byBlob map[uint32][]int // credentials, by index, of each wanted blob
	sets   map[uint64][]int // credentials below a tree of that signature, in order
	found  []trace          // by credential
}

// trace is what is known of a credential's history.
type trace struct {
	intro   int // index of the commit that introduced it; -1: none
	removal int // of the last commit that took it out; -1: none
	commits int
	unreach int    // commits that no ref reaches
	named   uint32 // a tree or blob that a ref leads to and that holds it; or noObject
	paths   map[string]bool
	sigs    map[uint64]bool // of root trees that hold it, and of what refs name
}

// attribute turns the survey's credentials into findings with a history.
func (h *History) attribute(ctx context.Context, s *scanner.Scanner, v *survey) ([]scanner.Result, error) {
	if v.part && len(v.credentials) == 0 {
		return nil, nil
	}
	refs, err := v.repo.refs(ctx)
	if err != nil {
		return nil, err
	}
	g := v.newGraph(refs) // which notes refs to what is missing
	if len(v.credentials) == 0 {
		return nil, nil
	}
	a := &attribution{v: v, g: g, byBlob: make(map[uint32][]int), sets: make(map[uint64][]int), found: make([]trace, len(v.credentials))}
	wanted := make(map[uint32]bool)
	for i, c := range v.credentials {
		a.found[i] = trace{intro: -1, removal: -1, named: noObject, paths: make(map[string]bool), sigs: make(map[uint64]bool)}
		for _, num := range c.objects {
			wanted[num] = true
			a.byBlob[num] = append(a.byBlob[num], i)
		}
	}
	if a.trees, err = newSignatures(ctx, v, wanted); err != nil {
		return nil, err
	}
	if err := errors.Join(a.introductions(), a.refs()); err != nil {
		return nil, err
	}
	var out []scanner.Result
	for i, c := range v.credentials {
		f, err := a.finding(s, i, c)
		if err != nil {
			return nil, err
		}
		if h.ReachableOnly && !f.Origin.History.Reachable || c.name != "" && !sensitivePath(s, &f) {
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
		sig := a.trees.signature(c.tree)
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
			a.found[cred].sigs[sig] = true
		}
		fresh, gone, err := a.changes(c, sig, set)
		if err != nil {
			return err
		}
		for _, cred := range fresh {
			a.introduce(cred, i)
		}
		for _, cred := range gone {
			a.remove(cred, i)
		}
	}
	return nil
}

// changes returns which of a commit's credentials no parent has, and which it
// lacks though all parents have them.
func (a *attribution) changes(c commit, sig uint64, set []int) (fresh, gone []int, err error) {
	fresh = set
	for i, p := range c.parents {
		k, ok := a.g.at(p)
		if !ok {
			continue
		}
		tree := a.g.commits[k].tree
		if a.trees.signature(tree) == sig {
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

// refs looks at the trees and blobs that refs lead to.
func (a *attribution) refs() error {
	for _, r := range a.g.others {
		set, ok := a.byBlob[r.object]
		if !ok {
			var err error
			if set, err = a.set(r.object); err != nil {
				return err
			}
		}
		for _, cred := range set {
			a.found[cred].named = r.object
			a.found[cred].sigs[a.trees.signature(r.object)] = true
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

// finding makes the finding of a credential, at its place in the commit that
// introduced it.
func (a *attribution) finding(s *scanner.Scanner, i int, c *credential) (scanner.Finding, error) {
	t := &a.found[i]
	history := &scanner.History{Commits: t.commits}
	if t.commits == 0 {
		history.Commits = t.unreach
	}
	at, err := a.place(i, c, history)
	if err != nil {
		return c.finding, err
	}
	delete(t.paths, at.path)
	history.Paths = slices.Sorted(maps.Keys(t.paths))
	history.InHead, history.Branches, history.Tags = a.g.names(func(r tip) bool {
		return t.sigs[a.trees.signature(r.object)]
	})
	if err := a.removal(t, history); err != nil {
		return c.finding, err
	}
	f, err := a.relocate(s, c, a.v.catalog.ID(at.blob))
	f.Origin = scanner.Origin{Path: at.path, Object: a.v.catalog.ID(at.blob).String(), History: history}
	return f, err
}

// place returns the object and path where a credential was introduced, and tells
// what is known of that: a commit, or a tag's message, or what a ref names.
func (a *attribution) place(cred int, c *credential, history *scanner.History) (held, error) {
	t := &a.found[cred]
	tagged, err := a.tag(c, history)
	if err != nil {
		return held{}, err
	}
	history.Reachable = history.Reachable || t.named != noObject
	switch {
	case t.intro >= 0:
		return a.introduction(cred, history)
	case t.named != noObject:
		return a.within(cred, t.named)
	case tagged != noObject:
		history.Message = true
		return held{blob: tagged}, nil
	}
	return held{blob: c.objects[0]}, nil
}

// introduction is place in the commit that introduced the credential.
func (a *attribution) introduction(cred int, history *scanner.History) (held, error) {
	intro := a.found[cred].intro
	c := a.g.commits[intro]
	header, err := a.v.header(c.num)
	if err != nil {
		return held{}, err
	}
	history.Commit, history.Author, history.Date = a.v.catalog.ID(c.num).String(), header.author, header.date
	history.Reachable = history.Reachable || a.g.reachable[intro]
	if slices.Contains(a.byBlob[c.num], cred) {
		history.Message = true
		return held{blob: c.num}, nil
	}
	return a.within(cred, c.tree)
}

// removal tells when a credential was taken out, if HEAD holds it no more.
func (a *attribution) removal(t *trace, history *scanner.History) error {
	if t.removal < 0 || history.InHead || history.Reachable && !a.g.reachable[t.removal] {
		return nil
	}
	num := a.g.commits[t.removal].num
	header, err := a.v.header(num)
	history.Removed, history.RemovedDate = a.v.catalog.ID(num).String(), header.date
	return err
}

// within returns where a tree holds a credential: of several the first path. A
// blob in place of the tree holds it itself.
func (a *attribution) within(cred int, tree uint32) (held, error) {
	if _, ok := a.byBlob[tree]; ok {
		return held{blob: tree}, nil
	}
	list, err := a.trees.under(tree)
	if err != nil {
		return held{}, err
	}
	at := held{blob: noObject}
	for _, h := range list {
		if slices.Contains(a.byBlob[h.blob], cred) && (at.blob == noObject || h.path < at.path) {
			at = h
		}
	}
	if at.blob == noObject { // its path is not told
		at.blob = a.v.credentials[cred].objects[0]
	}
	return at, nil
}

// tag tells of a credential in an annotated tag's message, if possible of a tag
// that a ref leads to, and returns the tag; or noObject.
func (a *attribution) tag(c *credential, history *scanner.History) (uint32, error) {
	found := noObject
	for _, t := range a.v.tags {
		_, holds := slices.BinarySearch(c.objects, t.num)
		if holds && (found == noObject || a.g.tagOf[t.num] && !a.g.tagOf[found]) {
			found = t.num
		}
	}
	if found == noObject {
		return found, nil
	}
	var err error
	history.Tag, err = a.v.tagName(a.v.catalog.ID(found))
	history.Reachable = a.g.tagOf[found]
	return found, err
}

// relocate finds the credential's place in an object.
func (a *attribution) relocate(s *scanner.Scanner, c *credential, id pack.ID) (scanner.Finding, error) {
	if c.finding.Origin.Object == id.String() {
		return c.finding, nil
	}
	if c.name != "" {
		f, _, err := a.v.sensitiveFile(s, id, c.name)
		return f, err
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
