package main

import (
	"context"
	"path/filepath"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
)

// top is the folder that a project's configuration lies in and its patterns are
// about: the top of the work tree, or the current folder outside of one. It is
// the config.Store of the files that are the repository's.
type top struct {
	dir    string // absolute
	gitDir string // empty if there is none
	here   string // the current folder
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
