package gitrepo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoHooks reports a core.hooksPath that is not a folder, such as /dev/null: git runs
// no hooks.
var ErrNoHooks = errors.New("core.hooksPath does not name a folder, so git runs no hooks")

// HooksDir returns the folder in which git looks for hooks, which
// core.hooksPath may have moved. It need not exist. The error is ErrNoHooks if it
// cannot.
func (r *Repo) HooksDir(ctx context.Context) (string, error) {
	top := r.Root
	if top == "" {
		top = r.Dir
	}
	out, err := output(ctx, top, "rev-parse", "--git-path", "hooks")
	if err != nil {
		return "", err
	}
	dir := absolute(top, strings.TrimSuffix(string(out), "\n"))
	info, err := os.Stat(dir)
	switch {
	case r.Root != "" && dir == filepath.Clean(r.Root): // by an empty path or a dot: then git looks in / or in PATH
		return "", ErrNoHooks
	case err == nil && !info.IsDir():
		return "", ErrNoHooks
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
		return "", ErrNoHooks // below a file, a loop of links, a name that is too long
	}
	return dir, nil
}

// Versions reports whether a folder is, or will be, under version control: it lies in
// the work tree, or in that of another repository, and git does not ignore it.
func (r *Repo) Versions(ctx context.Context, dir string) bool {
	dir = resolved(dir)
	if liesIn(dir, r.Common) || liesIn(dir, r.GitDir) {
		return false
	}
	if liesIn(dir, r.Root) {
		return !r.ignores(ctx, dir)
	}
	if os.Getenv("GIT_DIR") != "" { // which would be taken for that of any folder
		return false
	}
	other, err := Open(ctx, existing(dir))
	if err != nil {
		return false
	}
	defer func() { _ = other.Close() }()
	return other.Root != "" && liesIn(dir, other.Root) && !other.ignores(ctx, dir)
}

// ignores reports whether git ignores a hook in a folder of the work tree.
func (r *Repo) ignores(ctx context.Context, dir string) bool {
	_, err := output(ctx, resolved(r.Root), "check-ignore", "--quiet", "--", filepath.Join(dir, "pre-commit"))
	return err == nil
}

// liesIn reports whether a resolved path is a folder or lies in it. An empty folder
// has nothing in it.
func liesIn(path, dir string) bool {
	rel, err := filepath.Rel(resolved(dir), path)
	return dir != "" && err == nil && filepath.IsLocal(rel)
}

// resolved follows the links in a path, of which the end need not exist.
func resolved(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if parent := filepath.Dir(path); err != nil && parent != path {
		return filepath.Join(resolved(parent), filepath.Base(path))
	}
	return real
}

// existing returns a folder, or the nearest above it that exists.
func existing(dir string) string {
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
	}
	return dir
}
