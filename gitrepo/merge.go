package gitrepo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// merge holds the other parents of a merge commit in progress. Only parents that a
// remote-tracking ref contains count, because their lines are known already. Git runs
// only if there are findings.
type merge struct {
	repo    *Repo
	once    sync.Once
	parents []differences
}

// differences maps the paths at which a commit differs from the index to the blobs of the
// commit.
type differences map[string]pack.ID

// notInParents returns the lines of a staged blob that no pushed parent has. A parent
// that cannot be read does not count.
func (m *merge) notInParents(ctx context.Context, c change, lines scanner.Lines) scanner.Lines {
	if len(lines) == 0 {
		return nil
	}
	m.once.Do(func() { m.parents = m.repo.pushedParents(ctx) })
	for _, differs := range m.parents {
		theirs, ok := differs[c.path]
		if !ok {
			return nil // the parent has the same blob
		}
		if added, err := m.repo.added(ctx, theirs, c.new, lines); err == nil {
			lines = added
		}
	}
	return lines
}

// pushedParents returns the differences between each pushed parent and the index.
func (r *Repo) pushedParents(ctx context.Context) (out []differences) {
	for _, id := range r.merging() {
		if !r.isPushed(ctx, id) {
			continue
		}
		if differs, err := r.diffIndex(ctx, id); err == nil {
			out = append(out, differs)
		}
	}
	return out
}

// merging returns the IDs of the commits that are being merged. Git writes them to
// MERGE_HEAD if a merge stops before its commit. During pre-merge-commit, which runs
// earlier, they are in the names of GITHEAD_ variables.
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

// isPushed reports whether a remote-tracking ref contains a commit.
func (r *Repo) isPushed(ctx context.Context, id string) bool {
	out, err := output(ctx, r.Dir, revList([]string{id + "^{commit}", "--not", "--remotes"}, "--max-count=1")...)
	return err == nil && len(out) == 0
}

// diffIndex compares a commit with the index. A renamed file is compared with its former
// blob.
func (r *Repo) diffIndex(ctx context.Context, id string) (differences, error) {
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
