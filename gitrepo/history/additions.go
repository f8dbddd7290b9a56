package history

import (
	"context"
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// In a range only added lines count, as for staged changes. A copy of an older file is
// new.

// addition is the use of a credential that a commit of a range adds.
type addition struct {
	commit  int // its index
	at      pathEntry
	finding *scanner.Finding // of the added uses only; nil in a commit object
	marked  bool
}

// findAdditions finds the commits of a range that add uses of the credentials.
func (a *attribution) findAdditions(ctx context.Context, s *scanner.Scanner, h *Scan) error {
	for i, c := range a.scan.credentials {
		if c.unread == nil {
			a.provenances[i].intro = -1
		}
	}
	a.additions = make(map[int]*addition)
	a.addMessages()
	err := a.scan.repo.ChangedFiles(ctx, a.commitsToDiff(), h.Reveals, func(commit pack.ID, files []*gitrepo.FileChange) error {
		num, ok := a.scan.catalog.Find(commit)
		if i, known := a.graph.find(num); ok && known {
			return a.addCommitChanges(ctx, s, i, files)
		}
		return nil
	})
	for i, add := range a.additions {
		a.provenances[i].intro = add.commit
		a.provenances[i].atOrBefore = add.finding != nil && a.scan.shallow[a.scan.catalog.ID(a.graph.commits[add.commit].num)]
	}
	return err
}

// addMessages records the credentials in commit objects, which are all new.
func (a *attribution) addMessages() {
	for i, c := range a.graph.commits {
		for _, cred := range a.byBlob[c.num] {
			if a.scan.credentials[cred].unread != nil {
				continue
			}
			a.consider(cred, &addition{commit: i, at: pathEntry{blob: c.num}, marked: a.scan.credentials[cred].marked})
		}
	}
}

// commitsToDiff returns the IDs of the commits that may add a use: those with credentials
// whose signature differs from all parents.
func (a *attribution) commitsToDiff() (ids []string) {
	for i, c := range a.graph.commits {
		sig := a.trees.signature(c.tree)
		same := func(p uint32) bool {
			k, ok := a.graph.find(p)
			return ok && a.trees.signature(a.graph.commits[k].tree) == sig
		}
		if sig != 0 && !slices.ContainsFunc(a.graph.parentsOf(i), same) {
			ids = append(ids, a.scan.catalog.ID(c.num).String())
		}
	}
	return ids
}

// addCommitChanges records the credentials on lines that a commit adds.
func (a *attribution) addCommitChanges(ctx context.Context, s *scanner.Scanner, commit int, files []*gitrepo.FileChange) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	header, err := a.scan.readHeader(a.graph.commits[commit].num)
	if err != nil {
		return err
	}
	parents := len(header.parents)
	if a.scan.shallow[a.scan.catalog.ID(a.graph.commits[commit].num)] {
		parents = 0
	}
	for _, file := range files {
		num, ok := a.scan.catalog.Find(file.New)
		if !ok || len(a.byBlob[num]) == 0 || len(file.Old) < parents { // the same in a parent
			continue
		}
		if err := a.addFileChange(ctx, s, commit, pathEntry{file.Path, num}, file); err != nil {
			return err
		}
	}
	return nil
}

// addFileChange records the credentials of a blob on lines that no parent has.
func (a *attribution) addFileChange(ctx context.Context, s *scanner.Scanner, commit int, at pathEntry, file *gitrepo.FileChange) error {
	creds := a.byBlob[at.blob]
	lists, all := make([][]scanner.Finding, len(creds)), []scanner.Finding(nil)
	for i, cred := range creds {
		if a.scan.credentials[cred].unread != nil {
			continue // it has no lines
		}
		list, err := a.occurrences(s, a.scan.credentials[cred], file.New)
		if err != nil {
			return err
		}
		lists[i], all = list, append(all, list...)
	}
	lines, err := a.scan.repo.AddedLines(ctx, file, scanner.TouchedLines(all...))
	if err != nil {
		return err
	}
	for i, cred := range creds {
		for _, f := range lists[i] {
			if f.Narrow(lines) {
				a.consider(cred, &addition{commit, at, &f, a.scan.isMarked(&f)})
			}
		}
	}
	return nil
}

// consider keeps the addition at which a credential is reported: one without a mark if
// possible, then the first in time, then the first path.
func (a *attribution) consider(cred int, add *addition) {
	old := a.additions[cred]
	switch {
	case old == nil:
	case old.marked != add.marked:
		if add.marked {
			return
		}
	case old.commit == add.commit || !a.before(add.commit, old.commit): // paths are sorted
		return
	}
	a.additions[cred] = add
}
