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

// Repo is a git repository.
type Repo struct {
	Dir     string // the directory of Open
	Root    string // top of the working tree; empty if Dir is not in one
	GitDir  string
	Common  string // shared by linked working trees: objects and refs
	Objects string // the object directory
	Shallow bool   // the clone is shallow
	Bare    bool
	index   string // path of the index
	Store   *pack.Store
}

// cachedBases limits the delta bases that stay in memory, in bytes. More saved no time.
const cachedBases = 8 << 20

// Open opens the repository that contains dir. Like git, it honors the GIT_ variables.
// The error is ErrNotRepo, ErrNoGit or an *Error. The caller must call Close.
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
	// Outside of the working tree, the last line is missing unless the tree is elsewhere.
	if n := len(lines); n != 9 && (n != 8 || lines[7] != "false") {
		return nil, fmt.Errorf("%s: git rev-parse printed %d lines: does the name of a directory contain a newline?", dir, len(lines))
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
	r.Store, err = pack.Open(pack.Options{Dir: r.Objects, Alternates: alternates(os.Getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES")), Format: format, CacheBytes: cachedBases})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", r.Objects, err)
	}
	return r, nil
}

// Close closes the files that the repository holds open.
func (r *Repo) Close() error { return r.Store.Close() }

// alternates splits the value of GIT_ALTERNATE_OBJECT_DIRECTORIES. Like git, it reads an
// entry in double quotes as a C-style string.
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
