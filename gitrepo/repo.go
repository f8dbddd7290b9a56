package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/internal/cquote"
	"github.com/keyguard/keyguard/internal/pack"
)

// ErrNotRepo reports that a folder is in no git repository.
var ErrNotRepo = errors.New("not a git repository")

// Repo is a git repository.
type Repo struct {
	Dir     string // where it was opened
	Root    string // top of the work tree; empty if it has none
	GitDir  string
	Common  string // what linked worktrees share: objects and refs
	Objects string // the object folder
	Shallow bool   // history is cut
	Bare    bool
	index   string // the file
	Store   *pack.Store
}

// Open finds the repository of dir as git does, honouring the GIT_ variables.
// It returns ErrNotRepo, ErrNoGit, or an *Error with git's word.
func Open(ctx context.Context, dir string) (*Repo, error) {
	out, err := output(ctx, dir, "rev-parse", "--absolute-git-dir", "--git-path", "objects", "--git-common-dir", "--git-path", "index",
		"--is-bare-repository", "--is-shallow-repository", "--show-object-format", "--is-inside-work-tree", "--show-cdup")
	if errors.Is(err, ErrNotRepo) {
		return nil, fmt.Errorf("%s: %w", dir, ErrNotRepo)
	}
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	// Outside of the work tree, there is a last line only if it is elsewhere.
	if n := len(lines); n != 9 && (n != 8 || lines[7] != "false") {
		return nil, fmt.Errorf("%s: git's answer has %d lines: is there a line break in the folder's name?", dir, len(lines))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &Repo{
		Dir: abs, GitDir: filepath.FromSlash(lines[0]), Objects: absolute(abs, lines[1]), Common: absolute(abs, lines[2]),
		index: absolute(abs, lines[3]), Bare: lines[4] == "true", Shallow: lines[5] == "true",
	}
	if lines[7] == "true" {
		r.Root = absolute(abs, lines[8])
	}
	format := pack.SHA1
	if lines[6] == "sha256" {
		format = pack.SHA256
	}
	r.Store, err = pack.Open(pack.Options{Dir: r.Objects, Alternates: alternates(os.Getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES")), Format: format})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", r.Objects, err)
	}
	return r, nil
}

// Close frees what the repository holds open.
func (r *Repo) Close() error { return r.Store.Close() }

// absolute resolves a path that git printed when run in dir.
func absolute(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// alternates splits the variable's list. As git does, it takes an entry that
// begins with a quote for a C-style string.
func alternates(list string) []string {
	var out []string
	for list != "" {
		var dir string
		if strings.HasPrefix(list, `"`) {
			var ok bool
			if dir, list, ok = cquote.Unquote(list); !ok {
				break
			}
			list = strings.TrimPrefix(list, string(os.PathListSeparator))
		} else {
			dir, list, _ = strings.Cut(list, string(os.PathListSeparator))
		}
		if dir != "" {
			out = append(out, dir)
		}
	}
	return out
}
