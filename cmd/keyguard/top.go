package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
)

// top is the folder that a project's configuration lies in and its patterns are
// about: the top of the work tree, or the current folder outside of one. It is
// a config.Store.
type top struct {
	dir    string // absolute
	gitDir string // empty if there is none
	here   string // the current folder
	disk
}

func findTop() (*top, error) {
	here, err := workingDir()
	if err != nil {
		return nil, err
	}
	t := &top{dir: here, here: here}
	if place, ok := gitrepo.Find(here); ok {
		t.dir, t.gitDir = place.Top, place.GitDir
	}
	return t, nil
}

// openHere opens the repository of the current folder.
func openHere(ctx context.Context) (*gitrepo.Repo, error) {
	dir, err := workingDir()
	if err != nil {
		return nil, err
	}
	return gitrepo.Open(ctx, dir)
}

// relative returns a path given from the current folder as one from the top,
// with slashes; "" if it is not below.
func (t *top) relative(path string) string {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.here, path)
	}
	rel, err := filepath.Rel(t.dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// path returns where a file of the project lies.
func (t *top) path(name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(t.dir, name)
}

// Read implements config.Store.
func (t *top) Read(name string, limit int64) ([]byte, error) { return t.disk.Read(t.path(name), limit) }

// Label implements config.Store.
func (t *top) Label(name string) string {
	if rel := t.relative(t.path(name)); rel != "" {
		return rel
	}
	return name
}

// commit returns the store of the files of a commit.
func (t *top) commit(ctx context.Context, rev string) (config.Store, error) {
	repo, err := gitrepo.Open(ctx, t.here)
	if err != nil {
		return nil, err
	}
	defer func() { _ = repo.Close() }()
	c, err := repo.Commit(ctx, rev)
	if err != nil {
		return nil, &hinted{err, "--config-from takes a commit that is in this clone; in a shallow one, fetch it first"}
	}
	return c, nil
}

// disk reads files by their full names.
type disk struct{}

// Read implements config.Store.
func (disk) Read(name string, limit int64) ([]byte, error) {
	// A pipe in a hostile work tree would never end, nor even open.
	if info, err := os.Stat(name); err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0 {
		return nil, errors.New("it is no file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("it is a folder")
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return data, err
}

// Label implements config.Store.
func (disk) Label(name string) string { return name }
