package project

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
)

// emptyStore is a store without files.
type emptyStore struct{}

// Read implements config.Store.
func (emptyStore) Read(string, int64) ([]byte, error) { return nil, fs.ErrNotExist }

// Label implements config.Store.
func (emptyStore) Label(name string) string { return name }

// unmarked is the store of a configuration that disables marks. Later configurations take
// precedence.
type unmarked struct{ emptyStore }

// Read implements config.Store.
func (unmarked) Read(string, int64) ([]byte, error) { return []byte("[inline]\nmarks = false\n"), nil }

// forCI returns the first configuration of a CI run whose changes must not contain marks.
// The project can enable marks.
func forCI() config.Source { return config.Source{Store: unmarked{}, Name: "scan --ci"} }

var (
	ErrOutside  = cli.WithHint(errors.New("outside the repository"), outsideHint)
	ErrDangling = cli.WithHint(errors.New("a link whose target does not exist"), "restore the file that it leads to, or remove the link")
	errNotFile  = cli.WithHint(errors.New("not a regular file"), "put a file in its place, or remove it")
)

// outsideHint is the hint for a repository that names a file outside of it.
const outsideHint = "copy it into the repository, or name it yourself: -c FILE or KEYGUARD_CONFIG=FILE for a configuration, -b FILE for a baseline; your own configuration (~/.config/keyguard/config.toml) may extend any file"

// Read implements config.Store for a path from the root. It returns an error for a file
// outside of the repository, because error messages quote their files.
func (t *Root) Read(name string, limit int64) ([]byte, error) {
	rel, err := t.resolve(name)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(t.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	// os.Root also protects against a link that is created after resolve. Without
	// O_NONBLOCK, opening a pipe waits for a writer.
	f, err := root.OpenFile(rel, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotFile
	}
	if err != nil {
		return nil, err
	}
	return readAll(f, limit)
}

// Label implements config.Store. It returns the path after links are followed, which is
// the file to change.
func (t *Root) Label(name string) string {
	if rel, err := t.resolve(name); err == nil {
		return filepath.ToSlash(rel)
	}
	return name
}

// resolve follows the links in a path from the root. The result is in the repository and
// outside of the git directory.
func (t *Root) resolve(name string) (string, error) {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return "", fmt.Errorf("it is %w", ErrOutside)
	}
	if _, err := os.Lstat(filepath.Join(t.Dir, local)); err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(t.Dir)
	if err != nil {
		return "", err
	}
	target, err := filepath.EvalSymlinks(filepath.Join(dir, local))
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrDangling
	}
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(dir, target)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("it leads %w", ErrOutside)
	}
	if t.isGits(rel, target) {
		return "", fmt.Errorf("it is in git's directory, %w", ErrOutside)
	}
	return rel, nil
}

// isGits reports whether a path is in a git directory, whose configuration may contain
// passwords of remotes.
func (t *Root) isGits(rel, target string) bool {
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	if t.GitDir == "" {
		return false
	}
	gitDir, err := filepath.EvalSymlinks(t.GitDir)
	if err != nil {
		return false
	}
	in, err := filepath.Rel(gitDir, target)
	return err == nil && filepath.IsLocal(in)
}

// namedStore is the config.Store of files that the user or a server's administrator
// named. They may be anywhere.
type namedStore struct{ top *Root }

// Read implements config.Store.
func (s namedStore) Read(name string, limit int64) ([]byte, error) {
	return Disk{}.Read(s.top.Path(name), limit)
}

// Label implements config.Store.
func (s namedStore) Label(name string) string {
	if rel := s.top.Relative(s.top.Path(name)); rel != "" {
		return rel
	}
	return name
}

// Disk reads files by their full paths.
type Disk struct{}

// Read implements config.Store.
func (Disk) Read(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && cli.IsLink(name):
		return nil, ErrDangling
	case err != nil:
		return nil, err
	case info.Mode()&(os.ModeNamedPipe|os.ModeSocket|os.ModeDir) != 0: // a pipe may never end, nor even open
		return nil, errNotFile
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return readAll(f, limit)
}

// Label implements config.Store.
func (Disk) Label(name string) string { return name }

func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return data, err
}
