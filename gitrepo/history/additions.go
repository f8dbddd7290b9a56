package history

import (
	"context"
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// A range is about lines, as what is staged is: of a file that its commits change, only
// the lines that they add count, and a copy of a file that was there before is new.

// addition is where a commit of a range adds a use of a credential.
type addition struct {
	commit  int // index
	at      held
	finding *scanner.Finding // with the added uses alone; nil in a commit's own text
	marked  bool
}

// additions finds where the commits of a range add uses of the credentials.
func (a *attribution) additions(ctx context.Context, s *scanner.Scanner, h *History) error {
	for i, c := range a.v.credentials {
		if c.unread == nil {
			a.found[i].intro = -1
		}
	}
	a.added = make(map[int]*addition)
	a.messages()
	err := a.v.repo.ChangedFiles(ctx, a.suspects(), h.Reveals, func(commit pack.ID, files []*gitrepo.FileChange) error {
		num, ok := a.v.catalog.Find(commit)
		if i, known := a.g.at(num); ok && known {
			return a.addedBy(ctx, s, i, files)
		}
		return nil
	})
	for i, add := range a.added {
		a.found[i].intro = add.commit
		a.found[i].older = add.finding != nil && a.v.cut[a.v.catalog.ID(a.g.commits[add.commit].num)]
	}
	return err
}

// messages notes the credentials in the texts of commits, all of which are new.
func (a *attribution) messages() {
	for i, c := range a.g.commits {
		for _, cred := range a.byBlob[c.num] {
			if a.v.credentials[cred].unread != nil {
				continue
			}
			a.consider(cred, &addition{commit: i, at: held{blob: c.num}, marked: a.v.credentials[cred].marked})
		}
	}
}

// suspects returns the ids of the commits that may add a use: that hold credentials, but
// not just those of a parent.
func (a *attribution) suspects() (ids []string) {
	for i, c := range a.g.commits {
		sig := a.trees.signature(c.tree)
		same := func(p uint32) bool {
			k, ok := a.g.at(p)
			return ok && a.trees.signature(a.g.commits[k].tree) == sig
		}
		if sig != 0 && !slices.ContainsFunc(a.g.parentsOf(i), same) {
			ids = append(ids, a.v.catalog.ID(c.num).String())
		}
	}
	return ids
}

// addedBy notes which credentials a commit adds to the files that it changes.
func (a *attribution) addedBy(ctx context.Context, s *scanner.Scanner, commit int, files []*gitrepo.FileChange) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	header, err := a.v.header(a.g.commits[commit].num)
	if err != nil {
		return err
	}
	parents := len(header.parents)
	if a.v.cut[a.v.catalog.ID(a.g.commits[commit].num)] {
		parents = 0
	}
	for _, file := range files {
		num, ok := a.v.catalog.Find(file.New)
		if !ok || len(a.byBlob[num]) == 0 || len(file.Old) < parents { // a parent has it as it is
			continue
		}
		lines, err := a.v.repo.AddedLines(file)
		if err != nil {
			return err
		}
		for _, cred := range a.byBlob[num] {
			if a.v.credentials[cred].unread != nil {
				continue // it has no lines
			}
			list, err := a.occurrences(s, a.v.credentials[cred], file.New)
			if err != nil {
				return err
			}
			for _, f := range list {
				if f.Narrow(lines) {
					a.consider(cred, &addition{commit, held{file.Path, num}, &f, a.v.isMarked(&f)})
				}
			}
		}
	}
	return nil
}

// consider keeps the addition that a credential is reported at: one that no mark allows,
// of those the first in time, and in it the first path.
func (a *attribution) consider(cred int, add *addition) {
	old := a.added[cred]
	switch {
	case old == nil:
	case old.marked != add.marked:
		if add.marked {
			return
		}
	case old.commit == add.commit || !a.before(add.commit, old.commit): // paths come in order
		return
	}
	a.added[cred] = add
}
