package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// maxCompared is the size up to which a blob is compared line by line with its
// predecessor. Beyond it all lines count as added.
const maxCompared = 64 << 20

// maxInMemory is the size up to which a blob is read at once.
const maxInMemory = 1 << 20

// Staged is the source of what the index holds and HEAD does not: for each
// path that was added or changed, the index's blob, matched in full, of which
// the lines that HEAD's blob has not count, nor in a merge that of a pushed parent.
type Staged struct {
	Repo *Repo
	// Reveals, if not nil, reports whether findings may be reported at one path that
	// are not at another. All lines of a file that was renamed so count.
	Reveals func(from, to string) bool
	diff    *process // nil: it is started when the blobs are asked for
}

// ErrBare reports a bare repository, which has no index: nothing can be staged in it.
var ErrBare = errors.New("nothing can be staged in a bare repository")

// OpenStaged opens the repository of dir, with the errors of Open. Git is asked at
// the same time what is staged there, as a commit waits for both; so the source can
// be iterated once, and ends with ctx.
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
		diff.abandon()
	}
	return Staged{Repo: repo, diff: diff}, err
}

// change is a line of git's raw diff format (git-diff-tree(1)).
type change struct {
	status           byte // A, M, T, D, U, R, C
	oldMode, newMode string
	old, new         pack.ID
	path             string
	from             string // the old path of a rename or copy
}

const gitlink = "160000" // a submodule's commit, not a blob

// Blobs implements scanner.Source.
func (s Staged) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		older := older{renames{repo: s.Repo, reveals: s.Reveals}, merge{repo: s.Repo}}
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
		if errors.Is(err, errNoIndex) && !changed { // nothing was ever staged
			err = nil
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, fmt.Errorf("read what is staged: %w", err))
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

var errStop = errors.New("stop")

// older finds the versions that staged blobs are compared with.
type older struct {
	renames renames
	merge   merge
}

func (s Staged) blob(ctx context.Context, c change, older *older) (*scanner.Blob, error) {
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
	only := func() (scanner.Lines, error) {
		old := c.old
		switch {
		case c.status == 'A':
			var err error
			if old, err = older.renames.source(ctx, c.path); err != nil {
				return nil, err
			}
		case c.status == 'T' || c.oldMode == gitlink:
			old = pack.ID{}
		}
		lines, err := s.Repo.added(old, c.new)
		if err != nil {
			return nil, fmt.Errorf("compare staged %s: %w", c.path, &ObjectError{err})
		}
		return older.merge.unknown(ctx, c, lines), nil
	}
	return &scanner.Blob{Origin: scanner.Origin{Path: c.path}, Open: open, Only: only}, nil
}

// ObjectError reports an object that is missing or not as it should be.
type ObjectError struct{ Err error }

// Error implements error.
func (e *ObjectError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *ObjectError) Unwrap() error { return e.Err }

// open returns the content of an object: from memory unless it is large.
func (r *Repo) OpenObject(id pack.ID) (io.ReadCloser, error) {
	_, data, err := r.Store.Read(id, maxInMemory)
	if err == nil {
		return scanner.InMemory(data), nil
	}
	if !errors.Is(err, pack.ErrTooLarge) {
		return nil, err
	}
	_, _, body, err := r.Store.Open(id)
	return body, err
}

// added returns the lines of blob new that old has not. A zero old has none.
func (r *Repo) added(old, new pack.ID) (scanner.Lines, error) {
	all := scanner.Lines{{First: 1, Last: 1<<63 - 1}}
	if old.IsZero() {
		return all, nil
	}
	_, text, err := r.Store.Read(new, maxCompared)
	if errors.Is(err, pack.ErrTooLarge) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	_, before, err := r.Store.Read(old, maxCompared)
	if errors.Is(err, pack.ErrTooLarge) {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the version in HEAD: %w", err)
	}
	return scanner.AddedLines(before, text), nil
}

// startDiff asks git for the differences between HEAD and the index.
func startDiff(ctx context.Context, dir string, args ...string) (*process, error) {
	// diff, unlike diff-index, knows a HEAD without a commit.
	return start(ctx, dir, nil, append([]string{"diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv",
		"--no-relative", "--ignore-submodules=none", "-O" + os.DevNull}, args...)...)
}

// changes calls f for each difference that git prints.
func (p *process) changes(f func(change) error) error {
	return p.finish(func(out io.Reader) error {
		in := bufio.NewReader(out)
		for {
			c, err := readChange(in)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := f(c); err != nil {
				return err
			}
		}
	})
}

// readChange reads ":oldmode newmode oldid newid status" NUL path NUL, and a
// second path for renames.
func readChange(in *bufio.Reader) (c change, err error) {
	head, err := in.ReadString(0)
	if err == io.EOF && head == "" {
		return c, io.EOF
	}
	if err != nil {
		return c, fmt.Errorf("git's list is cut short: %w", err)
	}
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(head, ":"), "\x00"))
	if len(fields) != 5 {
		return c, fmt.Errorf("git's list has an unknown line %q", head)
	}
	c.oldMode, c.newMode, c.status = fields[0], fields[1], fields[4][0]
	if c.old, err = pack.ParseID(fields[2]); err != nil {
		return c, err
	}
	if c.new, err = pack.ParseID(fields[3]); err != nil {
		return c, err
	}
	if c.status == 'R' || c.status == 'C' {
		if c.from, err = readPath(in); err != nil {
			return c, err
		}
	}
	c.path, err = readPath(in)
	return c, err
}

func readPath(in *bufio.Reader) (string, error) {
	path, err := in.ReadString(0)
	if err != nil {
		return "", fmt.Errorf("git's list is cut short: %w", err)
	}
	return path[:len(path)-1], nil
}
