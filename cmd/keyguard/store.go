package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

var (
	errOutside  = errors.New("outside the repository")
	errDangling = errors.New("a link whose target does not exist")
	errNotFile  = errors.New("not a regular file")
)

// outsideHint is the way out where a repository names a file that is not in it.
const outsideHint = "copy it into the repository, or name it yourself: -c FILE or KEYGUARD_CONFIG=FILE for a configuration, -b FILE for a baseline; your own configuration (~/.config/keyguard/config.toml) may extend any file"

// Read implements config.Store for a path from the top. A repository's files may name
// only what lies in it, as error messages quote what is read.
func (t *top) Read(name string, limit int64) ([]byte, error) {
	rel, err := t.resolve(name)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	// The root holds even if a link was put into the path meanwhile. Without O_NONBLOCK,
	// opening a pipe waits for a writer.
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

// Label implements config.Store. It is the path that links lead to, which is the file to
// change.
func (t *top) Label(name string) string {
	if rel, err := t.resolve(name); err == nil {
		return filepath.ToSlash(rel)
	}
	return name
}

// resolve follows the links in a path from the top. The result has none; it is in the
// repository and not in git's folder.
func (t *top) resolve(name string) (string, error) {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return "", fmt.Errorf("it lies %w", errOutside)
	}
	if _, err := os.Lstat(filepath.Join(t.dir, local)); err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(t.dir)
	if err != nil {
		return "", err
	}
	target, err := filepath.EvalSymlinks(filepath.Join(dir, local))
	if errors.Is(err, fs.ErrNotExist) {
		return "", errDangling
	}
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(dir, target)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("it leads %w", errOutside)
	}
	if t.isGits(rel, target) {
		return "", fmt.Errorf("it lies in git's folder, %w", errOutside)
	}
	return rel, nil
}

// isGits reports whether a path lies in a git folder, whose configuration may hold the
// passwords of remotes.
func (t *top) isGits(rel, target string) bool {
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	if t.gitDir == "" {
		return false
	}
	gitDir, err := filepath.EvalSymlinks(t.gitDir)
	if err != nil {
		return false
	}
	in, err := filepath.Rel(gitDir, target)
	return err == nil && filepath.IsLocal(in)
}

// typed is the config.Store of files that somebody named who is not the repository's
// author: on the command line, in the environment, on a server. They may lie anywhere.
type typed struct{ top *top }

// Read implements config.Store.
func (s typed) Read(name string, limit int64) ([]byte, error) {
	return disk{}.Read(s.top.path(name), limit)
}

// Label implements config.Store.
func (s typed) Label(name string) string {
	if rel := s.top.relative(s.top.path(name)); rel != "" {
		return rel
	}
	return name
}

// disk reads files by their full names.
type disk struct{}

// Read implements config.Store.
func (disk) Read(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && isLink(name):
		return nil, errDangling
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
func (disk) Label(name string) string { return name }

func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return data, err
}
