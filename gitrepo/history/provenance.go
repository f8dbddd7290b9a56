package history

import (
	"fmt"
	"maps"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// provenance is the history of a credential.
type provenance struct {
	intro       int  // index of the commit that introduced it, or -1
	atOrBefore  bool // it may be older, because a parent of a commit that adds it is missing
	removal     int  // index of the last commit that removed it, or -1
	commits     int
	unreachable int    // number of unreachable commits
	named       uint32 // the tree or blob of a ref that contains it, or noObject
	paths       map[string]bool
	refs        []string // that contain it, HEAD first
}

// finding returns the finding of a credential, at its location in the commit that
// introduced it.
func (a *attribution) finding(s *scanner.Scanner, i int, c *credential) (scanner.Finding, error) {
	t := &a.provenances[i]
	if c.union != nil {
		t = &a.provenances[a.unions[c.union]]
	}
	history := &scanner.History{Commits: t.commits}
	if t.commits == 0 {
		history.Commits = t.unreachable
	}
	at, err := a.locate(i, c, history)
	if err != nil {
		return c.finding, err
	}
	delete(t.paths, at.path)
	history.Paths, history.MorePaths = slices.Sorted(maps.Keys(t.paths)), a.trees.paths.omitted || a.trees.paths.truncated
	history.InHead, history.Branches, history.Tags = sortRefs(t.refs)
	if err := a.addRemoval(t, history); err != nil {
		return c.finding, err
	}
	var f scanner.Finding
	if add := a.additions[i]; add != nil && add.finding != nil {
		f = *add.finding
	} else if f, err = a.occurrence(s, c, a.scan.catalog.ID(at.blob)); err != nil {
		return f, err
	}
	f.Origin = scanner.Origin{Path: at.path, Object: a.scan.catalog.ID(at.blob).String(), History: history}
	return f, nil
}

// locate returns the object and path where a credential was introduced, and completes
// history with the commit, tag or ref that contains it.
func (a *attribution) locate(cred int, c *credential, history *scanner.History) (pathEntry, error) {
	t := &a.provenances[cred]
	tagged, err := a.findTag(c, history)
	if err != nil {
		return pathEntry{}, err
	}
	history.Reachable = history.Reachable || t.named != noObject
	switch {
	case t.intro >= 0:
		return a.introduction(cred, history)
	case t.named != noObject:
		return a.locateUnder(cred, t.named)
	case tagged != noObject:
		history.Message = true
		return pathEntry{blob: tagged}, nil
	}
	return pathEntry{blob: c.objects[0]}, nil
}

// introduction is locate for a credential that a commit introduced.
func (a *attribution) introduction(cred int, history *scanner.History) (pathEntry, error) {
	intro := a.provenances[cred].intro
	c := a.graph.commits[intro]
	header, err := a.scan.readHeader(c.num)
	if err != nil {
		return pathEntry{}, err
	}
	history.Commit, history.Author, history.Date = a.scan.catalog.ID(c.num).String(), header.author.who(), header.author.date()
	if history.AtOrBefore = a.provenances[cred].atOrBefore; history.AtOrBefore {
		history.Author = ""
	}
	history.Reachable = history.Reachable || a.graph.reachable[intro]
	if slices.Contains(a.byBlob[c.num], cred) {
		history.Message = true
		return pathEntry{blob: c.num}, nil
	}
	if add := a.additions[cred]; add != nil {
		return add.at, nil
	}
	return a.locateUnder(cred, c.tree)
}

// addRemoval completes history with the commit that removed a credential, unless HEAD
// contains it.
func (a *attribution) addRemoval(t *provenance, history *scanner.History) error {
	if t.removal < 0 || history.InHead || history.Reachable && !a.graph.reachable[t.removal] {
		return nil
	}
	num := a.graph.commits[t.removal].num
	header, err := a.scan.readHeader(num)
	history.Removed, history.RemovedDate = a.scan.catalog.ID(num).String(), header.author.date()
	return err
}

// locateUnder returns the first path at which a tree contains a credential. tree may also
// be a blob.
func (a *attribution) locateUnder(cred int, tree uint32) (pathEntry, error) {
	if _, ok := a.byBlob[tree]; ok {
		return pathEntry{blob: tree}, nil
	}
	list, err := a.trees.pathsUnder(tree)
	if err != nil {
		return pathEntry{}, err
	}
	at := pathEntry{blob: noObject}
	for _, h := range list {
		if slices.Contains(a.byBlob[h.blob], cred) && (at.blob == noObject || h.path < at.path) {
			at = h
		}
	}
	if at.blob == noObject { // its paths were truncated
		at.blob = a.scan.credentials[cred].objects[0]
	}
	return at, nil
}

// findTag returns an annotated tag whose message contains a credential, or noObject. Tags
// that a ref points to take precedence. It completes history with the name.
func (a *attribution) findTag(c *credential, history *scanner.History) (uint32, error) {
	found := noObject
	for _, t := range a.scan.tags {
		_, holds := slices.BinarySearch(c.objects, t.num)
		if holds && (found == noObject || a.graph.tagged[t.num] && !a.graph.tagged[found]) {
			found = t.num
		}
	}
	if found == noObject {
		return found, nil
	}
	var err error
	history.Tag, err = a.scan.tagName(a.scan.catalog.ID(found))
	history.Reachable = a.graph.tagged[found]
	return found, err
}

// occurrence returns the finding of a credential in an object.
func (a *attribution) occurrence(s *scanner.Scanner, c *credential, id pack.ID) (scanner.Finding, error) {
	if c.unread != nil || c.finding.Origin.Object == id.String() {
		return c.finding, nil
	}
	list, err := a.occurrences(s, c, id)
	if err != nil {
		return c.finding, err
	}
	for i := range list {
		if a.scan.isMarked(&list[i]) == c.marked {
			return list[i], nil
		}
	}
	return list[0], nil
}

// occurrences returns the findings of a credential in an object, which must contain it.
func (a *attribution) occurrences(s *scanner.Scanner, c *credential, id pack.ID) (list []scanner.Finding, err error) {
	if c.name != "" {
		f, _, err := a.scan.sensitiveFile(s, id, c.name)
		return []scanner.Finding{f}, err
	}
	if _, ok := a.rescanned[id]; !ok {
		r, err := rescan(a.scan.repo, s, id)
		if err != nil {
			return nil, fmt.Errorf("read %v again: %w", id, err)
		}
		a.rescanned[id] = r.Findings
	}
	for _, f := range a.rescanned[id] {
		if credentialKey(&f, false) == credentialKey(&c.finding, false) {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("object %v changed while it was read", id)
	}
	return list, nil
}
