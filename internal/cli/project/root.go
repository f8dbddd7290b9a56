package project

import (
	"context"
	"path/filepath"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
)

// top is the folder that a project's configuration lies in and its patterns are
// about: the top of the work tree, or the current folder outside of one. It is
// the config.Store of the files that are the repository's.
type Root struct {
	Dir    string // absolute
	GitDir string // empty if there is none
	Cwd    string // the current folder
}

func FindRoot() (*Root, error) {
	here, err := cli.WorkingDir()
	if err != nil {
		return nil, err
	}
	t := &Root{Dir: here, Cwd: here}
	if place, ok := gitrepo.Find(here); ok {
		t.Dir, t.GitDir = place.Top, place.GitDir
	}
	return t, nil
}

// openHere opens the repository of the current folder.
func OpenRepo(ctx context.Context) (*gitrepo.Repo, error) {
	dir, err := cli.WorkingDir()
	if err != nil {
		return nil, err
	}
	return gitrepo.Open(ctx, dir)
}

// relative returns a path given from the current folder as one from the top,
// with slashes; "" if it is not below.
func (t *Root) Relative(path string) string {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.Cwd, path)
	}
	rel, err := filepath.Rel(t.Dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// path returns where a file of the project lies.
func (t *Root) Path(name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(t.Dir, name)
}

// commit returns the store of the files of a commit.
func (t *Root) commit(ctx context.Context, rev string) (config.Store, error) {
	repo, err := gitrepo.Open(ctx, t.Cwd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = repo.Close() }()
	c, err := repo.Commit(ctx, rev)
	if err != nil {
		return nil, cli.WithHint(err, "--config-from takes a commit that is in this clone; in a shallow one, fetch it first")
	}
	return c, nil
}
