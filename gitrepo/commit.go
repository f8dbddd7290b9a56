package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// Commit reads files of a commit, independently of the working tree and the index.
type Commit struct {
	Rev string // the revision as given
	ID  string
	ctx context.Context
	dir string
}

// Commit returns the commit that a revision names. Files can be read until ctx is done.
func (r *Repo) Commit(ctx context.Context, rev string) (*Commit, error) {
	if strings.HasPrefix(rev, "-") {
		return nil, fmt.Errorf("%q is not a revision", rev)
	}
	out, err := output(ctx, r.Dir, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		if errors.As(err, new(*Error)) {
			err = fmt.Errorf("no commit %q in this repository", rev)
		}
		return nil, err
	}
	return &Commit{rev, strings.TrimSpace(string(out)), ctx, r.Dir}, nil
}

// Read returns the content of a file of at most limit bytes. path is relative to the top
// of the repository. The error is fs.ErrNotExist if the commit does not contain the file.
func (c *Commit) Read(path string, limit int64) ([]byte, error) {
	if !fs.ValidPath(path) {
		return nil, fmt.Errorf("%s: %w: not a path in the repository", path, fs.ErrInvalid)
	}
	entry, err := output(c.ctx, c.dir, "ls-tree", "-z", "--full-tree", "--long", c.ID, "--", ":(literal,top)"+path)
	if err != nil {
		return nil, err
	}
	meta, _, _ := strings.Cut(string(entry), "\t")
	fields := strings.Fields(meta) // mode, type, ID, size
	switch {
	case len(fields) == 0:
		return nil, fs.ErrNotExist
	case len(fields) != 4 || !strings.HasPrefix(fields[0], "100"):
		return nil, errors.New("not a regular file")
	}
	size, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil || size > limit {
		return nil, fmt.Errorf("%s bytes exceed the limit of %d", fields[3], limit)
	}
	var data []byte
	err = stream(c.ctx, c.dir, func(out io.Reader) error {
		data, err = io.ReadAll(out)
		return err
	}, "cat-file", "blob", fields[2])
	if err == nil && int64(len(data)) != size {
		err = fmt.Errorf("git printed %d bytes of %s", len(data), fields[3])
	}
	return data, err
}

// Label returns the name of a file in git notation: rev:path.
func (c *Commit) Label(path string) string { return c.Rev + ":" + path }
