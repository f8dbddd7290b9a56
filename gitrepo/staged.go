package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// Staged is the source of staged changes. For each path that was added or changed it
// yields the blob of the index, which is scanned in full. Only lines count that HEAD's
// blob lacks and, in a merge, every pushed parent lacks too.
type Staged struct {
	Repo *Repo
	// Reveals, if not nil, reports whether findings are reported at the path to but not
	// at the path from. All lines of a file that was renamed so count.
	Reveals func(from, to string) bool
	diff    *process // if nil, Blobs starts it
}

// ErrBare reports a bare repository, which has no index.
var ErrBare = errors.New("nothing can be staged in a bare repository")

// OpenStaged opens the repository of dir, with the errors of Open. At the same time it
// starts the git process that lists the changes, because every commit waits for both. The
// source can be iterated once, until ctx is done.
func OpenStaged(ctx context.Context, dir string) (Staged, error) {
	diff, err := startDiff(ctx, dir, "--no-renames")
	if err != nil {
		return Staged{}, err
	}
	repo, err := Open(ctx, dir)
	if err == nil && repo.Bare && os.Getenv("GIT_INDEX_FILE") == "" {
		err = errors.Join(ErrBare, repo.Close())
	}
	if err != nil {
		diff.stop()
	}
	return Staged{Repo: repo, diff: diff}, err
}

// Blobs implements scanner.Source.
func (s Staged) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		older := olderVersions{renames{repo: s.Repo, reveals: s.Reveals}, merge{repo: s.Repo}}
		sound := make(chan error, 1)
		go func() { sound <- s.Repo.checkIndex() }()
		changed := false
		err := s.changes(ctx, func(c change) error {
			changed = true
			blob, err := s.blob(ctx, c, &older)
			if blob == nil && err == nil || yield(blob, err) {
				return nil
			}
			return errStop
		})
		if err == nil {
			err = <-sound
		}
		if err == nil && !changed {
			err = s.Repo.checkEmpty(ctx)
		}
		if errors.Is(err, errNoIndex) && !changed { // a new index
			err = nil
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, fmt.Errorf("read staged changes: %w", err))
		}
	}
}

// changes calls f for each difference between HEAD and the index.
func (s Staged) changes(ctx context.Context, f func(change) error) (err error) {
	if s.diff == nil {
		if s.diff, err = startDiff(ctx, s.Repo.Dir, "--no-renames"); err != nil {
			return err
		}
	}
	defer context.AfterFunc(ctx, s.diff.cancel)()
	return s.diff.changes(f)
}

// olderVersions finds the versions to compare staged blobs with.
type olderVersions struct {
	renames renames
	merge   merge
}

func (s Staged) blob(ctx context.Context, c change, older *olderVersions) (*scanner.Blob, error) {
	switch {
	case c.status == 'D' || c.newMode == gitlink || c.old == c.new:
		return nil, nil
	case c.status == 'U':
		return nil, &scanner.Skipped{Path: c.path, Reason: "unmerged: resolve the conflict and add it"}
	}
	open := func() (io.ReadCloser, error) {
		r, err := s.Repo.OpenObject(c.new)
		if err != nil {
			return nil, fmt.Errorf("read staged %s: %w", c.path, &ObjectError{err})
		}
		return r, nil
	}
	only := func(touched scanner.Lines) (scanner.Lines, error) {
		old := c.old
		switch {
		case c.status == 'A':
			var err error
			if old, err = older.renames.sourceOf(ctx, c.path); err != nil {
				return nil, err
			}
		case c.status == 'T' || c.oldMode == gitlink:
			old = pack.ID{}
		}
		lines, err := s.Repo.added(ctx, old, c.new, touched)
		if err != nil {
			return nil, fmt.Errorf("compare staged %s: %w", c.path, &ObjectError{err})
		}
		return older.merge.notInParents(ctx, c, lines), nil
	}
	return &scanner.Blob{Origin: scanner.Origin{Path: c.path}, Open: open, Only: only}, nil
}
