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

// FileChange is a file that a commit changes.
type FileChange struct {
	Path string
	New  pack.ID
	// Old has the version of each parent that has another one, or the zero ID.
	Old []pack.ID
}

// ChangedFiles calls visit for each of the commits that changes files, with the files
// sorted by path. A renamed file has its former version, unless reveals is not nil and
// returns true for the two paths.
func (r *Repo) ChangedFiles(ctx context.Context, commits []string, reveals func(from, to string) bool, visit func(commit pack.ID, files []*FileChange) error) error {
	var current string
	files := make(map[string]*FileChange)
	flush := func() error {
		defer clear(files)
		id, err := pack.ParseID(current)
		if err != nil || len(files) == 0 {
			return nil // before the first commit
		}
		return visit(id, slices.SortedFunc(maps.Values(files), func(a, b *FileChange) int { return strings.Compare(a.Path, b.Path) }))
	}
	err := r.diffTree(ctx, commits, func(commit string, c change) error {
		if commit != current {
			if err := flush(); err != nil {
				return err
			}
			current = commit
		}
		if files[c.path] == nil {
			files[c.path] = &FileChange{Path: c.path, New: c.new}
		}
		files[c.path].add(c, reveals)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// add records the version of another parent.
func (f *FileChange) add(c change, reveals func(from, to string) bool) {
	old := c.old
	switch {
	case c.status == 'A' || c.status == 'T' || c.oldMode == gitlink,
		c.status == 'R' && reveals != nil && reveals(c.from, c.path):
		old = pack.ID{}
	}
	f.Old = append(f.Old, old)
}

// AddedLines returns the touched lines of the new version that no old version has.
func (r *Repo) AddedLines(ctx context.Context, f *FileChange, touched scanner.Lines) (lines scanner.Lines, err error) {
	lines = touched
	for _, old := range f.Old {
		if lines, err = r.added(ctx, old, f.New, lines); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// diffTree calls visit for each file that differs between a commit and its parents, once
// per parent. A root commit is compared with an empty tree.
func (r *Repo) diffTree(ctx context.Context, commits []string, visit func(commit string, c change) error) error {
	if len(commits) == 0 {
		return nil
	}
	lines := strings.NewReader(strings.Join(append(commits, ""), "\n"))
	return streamWith(ctx, r.Dir, lines, func(out io.Reader) error {
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
