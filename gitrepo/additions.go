package gitrepo

import (
	"bufio"
	"context"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

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

// diffTree calls visit for each file that differs between the commits and their parents,
// for a root commit against none; for a merge once for each parent.
func (r *Repo) diffTree(ctx context.Context, commits []string, visit func(commit string, c change) error) error {
	if len(commits) == 0 {
		return nil
	}
	lines := strings.NewReader(strings.Join(append(commits, ""), "\n"))
	return converse(ctx, r.Dir, lines, func(out io.Reader) error {
		in := bufio.NewReader(out)
		commit := ""
		for {
			first, err := in.Peek(1)
			switch {
			case err == io.EOF:
				return nil
			case err != nil:
				return err
			case first[0] != ':':
				if commit, err = readPath(in); err != nil {
					return err
				}
				continue
			}
			c, err := readChange(in)
			if err != nil {
				return err
			}
			if c.status == 'D' || c.newMode == gitlink || c.new.IsZero() {
				continue
			}
			if err := visit(commit, c); err != nil {
				return err
			}
		}
	}, "diff-tree", "--stdin", "-r", "-m", "--root", "--raw", "-z", "--no-abbrev", "-O"+os.DevNull, "--find-renames")
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
	var current string
	files := make(map[string]*fileChange)
	settle := func() error {
		defer clear(files)
		num, ok := a.v.catalog.Find(parseID([]byte(current)))
		if i, known := a.g.at(num); ok && known {
			return a.addedBy(ctx, s, h, i, files)
		}
		return nil
	}
	err := a.v.repo.diffTree(ctx, a.suspects(), func(commit string, c change) error {
		if commit != current {
			if err := settle(); err != nil {
				return err
			}
			current = commit
		}
		if files[c.path] == nil {
			files[c.path] = &fileChange{new: c.new}
		}
		files[c.path].note(c, h.Reveals)
		return nil
	})
	if err == nil {
		err = settle()
	}
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

// fileChange is a file as a commit has it, and its versions in the parents that have
// another; a zero id stands for none.
type fileChange struct {
	new  pack.ID
	olds []pack.ID
}

func (f *fileChange) note(c change, reveals func(from, to string) bool) {
	old := c.old
	switch {
	case c.status == 'A' || c.status == 'T' || c.oldMode == gitlink,
		c.status == 'R' && reveals != nil && reveals(c.from, c.path):
		old = pack.ID{}
	}
	f.olds = append(f.olds, old)
}

// addedBy notes which credentials a commit adds to the files that it changes.
func (a *attribution) addedBy(ctx context.Context, s *scanner.Scanner, h *History, commit int, files map[string]*fileChange) error {
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
	for _, path := range slices.Sorted(maps.Keys(files)) {
		file := files[path]
		num, ok := a.v.catalog.Find(file.new)
		if !ok || len(a.byBlob[num]) == 0 || len(file.olds) < parents { // a parent has it as it is
			continue
		}
		lines, err := a.v.repo.addedToAll(file.olds, file.new)
		if err != nil {
			return err
		}
		for _, cred := range a.byBlob[num] {
			if a.v.credentials[cred].unread != nil {
				continue // it has no lines
			}
			list, err := a.occurrences(s, a.v.credentials[cred], file.new)
			if err != nil {
				return err
			}
			for _, f := range list {
				if f.Narrow(lines) {
					a.consider(cred, &addition{commit, held{path, num}, &f, a.v.isMarked(&f)})
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

// addedToAll returns the lines of a blob that none of the others has.
func (r *Repo) addedToAll(olds []pack.ID, new pack.ID) (scanner.Lines, error) {
	var out scanner.Lines
	for i, old := range olds {
		lines, err := r.added(old, new)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = lines
		} else {
			out = out.And(lines)
		}
	}
	return out, nil
}
