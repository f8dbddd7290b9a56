package gitrepo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoHooks reports a core.hooksPath that is not a directory, such as /dev/null: git
// runs no hooks.
var ErrNoHooks = errors.New("core.hooksPath does not name a directory, so git runs no hooks")

// HooksDir returns the directory in which git searches for hooks, which core.hooksPath
// may set. It need not exist. The error is ErrNoHooks if it cannot exist.
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
	case r.Root != "" && dir == filepath.Clean(r.Root): // the path is empty or a dot: git searches / or PATH
		return "", ErrNoHooks
	case err == nil && !info.IsDir():
		return "", ErrNoHooks
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
		return "", ErrNoHooks // below a file, a symlink loop, a name that is too long
	}
	return dir, nil
}

// IsVersioned reports whether files in a directory are, or can be, under version control:
// it is in the working tree of this repository or another one, and not ignored.
func (r *Repo) IsVersioned(ctx context.Context, dir string) bool {
	dir = resolveLinks(dir)
	if isWithin(dir, r.Common) || isWithin(dir, r.GitDir) {
		return false
	}
	if isWithin(dir, r.Root) {
		return !r.ignoresHook(ctx, dir)
	}
	if os.Getenv("GIT_DIR") != "" { // would apply to every directory
		return false
	}
	other, err := Open(ctx, nearestExisting(dir))
	if err != nil {
		return false
	}
	defer func() { _ = other.Close() }()
	return other.Root != "" && isWithin(dir, other.Root) && !other.ignoresHook(ctx, dir)
}

// ignoresHook reports whether git ignores a hook in a directory of the working tree.
func (r *Repo) ignoresHook(ctx context.Context, dir string) bool {
	_, err := output(ctx, resolveLinks(r.Root), "check-ignore", "--quiet", "--", filepath.Join(dir, "pre-commit"))
	return err == nil
}
