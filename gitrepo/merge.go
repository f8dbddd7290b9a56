package gitrepo

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// merge is the other parents that the commit will have beside HEAD, of which those
// count that a remote-tracking ref reaches: others have their lines already. Git is
// asked only when something was found.
type merge struct {
	repo    *Repo
	once    sync.Once
	parents []differences
}

// differences is, by path, the blob of a commit where the index has another one.
type differences map[string]pack.ID

// unknown returns, of lines of a staged blob, those that no pushed parent has. A
// parent that cannot be read has none.
func (m *merge) unknown(ctx context.Context, c change, lines scanner.Lines) scanner.Lines {
	if len(lines) == 0 {
		return nil
	}
	m.once.Do(func() { m.parents = m.repo.pushedParents(ctx) })
	for _, differs := range m.parents {
		theirs, ok := differs[c.path]
		if !ok {
			return nil // the parent has the very blob
		}
		if added, err := m.repo.added(theirs, c.new); err == nil {
			lines = both(lines, added)
		}
	}
	return lines
}

// pushedParents returns how the commits that are merged and pushed differ from the
// index.
func (r *Repo) pushedParents(ctx context.Context) (out []differences) {
	for _, id := range r.merging() {
		if !r.isPushed(ctx, id) {
			continue
		}
		if differs, err := r.differing(ctx, id); err == nil {
			out = append(out, differs)
		}
	}
	return out
}

// merging returns the ids of the commits that are merged. Git notes them in MERGE_HEAD
// when a merge stops before its commit; while it runs pre-merge-commit, which is
// before that, they are in the names of variables.
func (r *Repo) merging() (ids []string) {
	text, err := pack.ReadRegular(filepath.Join(r.GitDir, "MERGE_HEAD"))
	names := strings.Fields(string(text))
	if errors.Is(err, fs.ErrNotExist) {
		for _, v := range os.Environ() {
			if name, ok := strings.CutPrefix(v, "GITHEAD_"); ok {
				name, _, _ = strings.Cut(name, "=")
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		if _, err := pack.ParseID(name); err == nil {
			ids = append(ids, name)
		}
	}
	return ids
}

// isPushed reports whether a remote-tracking ref reaches a commit. If that cannot be
// determined it is not.
func (r *Repo) isPushed(ctx context.Context, id string) bool {
	out, err := output(ctx, r.Dir, revList([]string{id + "^{commit}", "--not", "--remotes"}, "--max-count=1")...)
	return err == nil && len(out) == 0
}

// differing compares a commit with the index. A renamed file has its blob from before.
func (r *Repo) differing(ctx context.Context, id string) (differences, error) {
	diff, err := startDiff(ctx, r.Dir, "--find-renames", id, "--")
	if err != nil {
		return nil, err
	}
	out := make(differences)
	err = diff.changes(func(c change) error {
		if out[c.path] = c.old; c.status == 'T' || c.oldMode == gitlink {
			out[c.path] = pack.ID{}
		}
		return nil
	})
	return out, err
}

// both returns the lines that two sets share.
func both(a, b scanner.Lines) (out scanner.Lines) {
	a, b = ordered(a), ordered(b)
	for len(a) > 0 && len(b) > 0 {
		shared := scanner.LineRange{First: max(a[0].First, b[0].First), Last: min(a[0].Last, b[0].Last)}
		if shared.First <= shared.Last {
			out = append(out, shared)
		}
		if a[0].Last < b[0].Last {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// ordered returns the same lines in order, none of them twice.
func ordered(lines scanner.Lines) (out scanner.Lines) {
	lines = slices.SortedFunc(slices.Values(lines), func(x, y scanner.LineRange) int { return cmp.Compare(x.First, y.First) })
	for _, r := range lines {
		if n := len(out); n > 0 && r.First <= out[n-1].Last {
			out[n-1].Last = max(out[n-1].Last, r.Last)
		} else {
			out = append(out, r)
		}
	}
	return out
}
