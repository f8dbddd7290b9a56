package project

import (
	"context"
	"path/filepath"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
)

// Root is the top-level directory of the working tree, or the current directory outside
// of a repository. Patterns are relative to it. It is the config.Store of the
// repository's files.
type Root struct {
	Dir    string // absolute
	GitDir string // empty outside of a repository
	Cwd    string // the current directory
}

// FindRoot returns the root of the current directory.
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

// OpenRepo opens the repository of the current directory.
func OpenRepo(ctx context.Context) (*gitrepo.Repo, error) {
	dir, err := cli.WorkingDir()
	if err != nil {
		return nil, err
	}
	return gitrepo.Open(ctx, dir)
}

// Relative returns the path from the root, with slashes, for a path from the current
// directory. It returns "" if the path is not below the root.
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

// Path returns the full path of a file of the project.
func (t *Root) Path(name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(t.Dir, name)
}

// commit returns the store of the files at a commit.
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
