package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"

	"github.com/keyguard/keyguard/internal/pack"
)

// ref is a name for an object.
type ref struct {
	name string // in full: refs/heads/main, or HEAD
	id   pack.ID
}

// refs returns all refs, HEAD first. They are read by go-git; where that does
// not know the repository's format (SHA-256 ids, reftable), by the git program.
func (r *Repo) refs(ctx context.Context) ([]ref, error) {
	if err := r.plainRefs(); err != nil {
		return nil, err
	}
	if r.store.Format() == pack.SHA1 && !r.reftable() {
		refs, err := r.refsByGoGit()
		if err == nil {
			return refs, nil
		}
	}
	return r.refsByGit(ctx)
}

// plainRefs reports, by its error, a pipe or a device where a ref should be: to
// read it might never end.
func (r *Repo) plainRefs() error {
	for _, at := range []string{filepath.Join(r.GitDir, "HEAD"), filepath.Join(r.Common, "packed-refs"), filepath.Join(r.Common, "refs"), filepath.Join(r.GitDir, "refs")} {
		err := filepath.WalkDir(at, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.Type().IsRegular() || d.IsDir() {
				return nil // what cannot be listed, go-git or git will tell
			}
			if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
				return fmt.Errorf("read refs: %s is not a regular file", path)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Repo) reftable() bool {
	_, err := os.Stat(filepath.Join(r.Common, "reftable"))
	return err == nil
}

// refsByGoGit needs of go-git its storage alone. The package above it would bring
// its transports, and with them ssh and OpenPGP, into the program.
func (r *Repo) refsByGoGit() ([]ref, error) {
	dirs := dotgit.NewRepositoryFilesystem(osfs.New(r.GitDir), osfs.New(r.Common))
	store := filesystem.NewStorage(dirs, cache.NewObjectLRUDefault())
	var out []ref
	add := func(name string, hash plumbing.Hash) {
		out = append(out, ref{name, pack.NewID(hash[:])})
	}
	head, err := storer.ResolveReference(store, plumbing.HEAD)
	switch {
	case err == nil:
		add("HEAD", head.Hash())
	case !errors.Is(err, plumbing.ErrReferenceNotFound): // that is a branch without commits
		return nil, fmt.Errorf("read HEAD: %w", err)
	}
	iter, err := store.IterReferences()
	if err != nil {
		return nil, fmt.Errorf("read refs: %w", err)
	}
	err = iter.ForEach(func(r *plumbing.Reference) error {
		if r.Type() == plumbing.HashReference && r.Name() != plumbing.HEAD {
			add(r.Name().String(), r.Hash())
		}
		return nil
	})
	return out, err
}

func (r *Repo) refsByGit(ctx context.Context) ([]ref, error) {
	list, err := output(ctx, r.Dir, "for-each-ref", "--format=%(objectname) %(refname)")
	if err != nil {
		return nil, err
	}
	head, err := output(ctx, r.Dir, "rev-parse", "--verify", "--quiet", "HEAD")
	if err == nil {
		list = append(append(bytes.TrimSpace(head), " HEAD\n"...), list...)
	}
	var out []ref
	for line := range strings.Lines(string(list)) {
		hex, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		id, err := pack.ParseID(hex)
		if err != nil {
			return nil, fmt.Errorf("ref %s: %w", name, err)
		}
		out = append(out, ref{name, id})
	}
	return out, nil
}
