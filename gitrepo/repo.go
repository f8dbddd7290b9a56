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
	Objects string // the object folder
	Shallow bool   // history is cut
	Bare    bool
	store   *pack.Store
}

// Open finds the repository of dir as git does, honouring the GIT_ variables.
// It returns ErrNotRepo, ErrNoGit, or an *Error with git's word.
func Open(ctx context.Context, dir string) (*Repo, error) {
	out, err := output(ctx, dir, "rev-parse", "--absolute-git-dir", "--git-path", "objects",
		"--is-bare-repository", "--is-shallow-repository", "--show-object-format", "--is-inside-work-tree", "--show-cdup")
	if e := (*Error)(nil); errors.As(err, &e) && strings.HasPrefix(e.Message, "not a git repository") {
		return nil, fmt.Errorf("%s: %w", dir, ErrNotRepo)
	}
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != 7 {
		return nil, fmt.Errorf("%s: git's answer has %d lines, not 7: is there a line break in the folder's name?", dir, len(lines))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &Repo{
		Dir: abs, GitDir: filepath.FromSlash(lines[0]), Objects: filepath.FromSlash(lines[1]),
		Bare: lines[2] == "true", Shallow: lines[3] == "true",
	}
	if !filepath.IsAbs(r.Objects) {
		r.Objects = filepath.Join(abs, r.Objects)
	}
	if lines[5] == "true" {
		r.Root = filepath.Clean(filepath.Join(abs, filepath.FromSlash(lines[6])))
	}
	format := pack.SHA1
	if lines[4] == "sha256" {
		format = pack.SHA256
	}
	r.store, err = pack.Open(pack.Options{Dir: r.Objects, Alternates: alternates(os.Getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES")), Format: format})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", r.Objects, err)
	}
	return r, nil
}

// Close frees what the repository holds open.
func (r *Repo) Close() error { return r.store.Close() }

// HooksDir returns the folder in which git looks for hooks, which
// core.hooksPath may have moved.
func (r *Repo) HooksDir(ctx context.Context) (string, error) {
	out, err := output(ctx, r.Dir, "rev-parse", "--git-path", "hooks")
	if err != nil {
		return "", err
	}
	dir := filepath.FromSlash(strings.TrimSuffix(string(out), "\n"))
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(r.Dir, dir)
	}
	return dir, nil
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
