package gitrepo

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"

	"github.com/keyguard/keyguard/internal/pack"
)

// readRefs reads HEAD and the refs without starting git. ok is false unless each loose
// file and each line of packed-refs is a ref with a valid name and ID. It uses only
// go-git's storage package, because the package above it would add its transports, ssh
// and OpenPGP to the program.
func (r *Repo) readRefs(gitDir string, loose []string) (out []Ref, ok bool) {
	if r.Store.Format() != pack.SHA1 || r.hasReftable() || !r.wellFormed(gitDir, loose) {
		return nil, false
	}
	dirs := dotgit.NewRepositoryFilesystem(osfs.New(gitDir), osfs.New(r.Common))
	store := filesystem.NewStorage(dirs, cache.NewObjectLRUDefault())
	iter, err := store.IterReferences()
	if err != nil {
		return nil, false
	}
	symbolic := make(map[plumbing.ReferenceName]plumbing.ReferenceName)
	known := make(map[string]bool)
	err = iter.ForEach(func(each *plumbing.Reference) error {
		name := each.Name()
		known[name.String()] = true
		switch {
		case name == plumbing.HEAD:
			return nil // see below
		case name.Validate() != nil:
			return plumbing.ErrInvalidReferenceName
		case each.Type() == plumbing.SymbolicReference:
			symbolic[name] = each.Target()
			return nil
		case each.Hash().IsZero():
			return plumbing.ErrReferenceNotFound
		}
		hash := each.Hash()
		out = append(out, Ref{name.String(), pack.NewID(hash[:])})
		return nil
	})
	if err != nil {
		return nil, false
	}
	for _, name := range loose {
		if !known[name] {
			return nil, false
		}
	}
	for _, target := range symbolic {
		if !known[target.String()] {
			return nil, false // dangling, or outside of refs
		}
	}
	return headFirst(store, gitDir, out)
}

// headFirst puts HEAD before refs. In a new repository HEAD names a branch that does not
// exist yet.
func headFirst(store storer.ReferenceStorer, gitDir string, refs []Ref) (out []Ref, ok bool) {
	if _, err := os.Lstat(filepath.Join(gitDir, "HEAD")); err != nil {
		return nil, false
	}
	head, err := store.Reference(plumbing.HEAD)
	if err != nil || head.Type() == plumbing.SymbolicReference && head.Target().Validate() != nil {
		return nil, false
	}
	head, err = storer.ResolveReference(store, plumbing.HEAD)
	switch {
	case errors.Is(err, plumbing.ErrReferenceNotFound):
		return refs, true
	case err != nil || head.Hash().IsZero():
		return nil, false
	}
	hash := head.Hash()
	return append([]Ref{{"HEAD", pack.NewID(hash[:])}}, refs...), true
}

// wellFormed reports whether the files of refs are complete: go-git takes a truncated ID for
// another one.
func (r *Repo) wellFormed(gitDir string, loose []string) bool {
	for _, name := range append([]string{"HEAD"}, loose...) {
		text, err := os.ReadFile(filepath.Join(gitDir, name))
		if errors.Is(err, fs.ErrNotExist) {
			text, err = os.ReadFile(filepath.Join(r.Common, name))
		}
		if err != nil || !isID(bytes.TrimSpace(text)) && !bytes.HasPrefix(text, []byte("ref: ")) {
			return false
		}
	}
	packed, err := os.ReadFile(filepath.Join(r.Common, "packed-refs"))
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	for line := range bytes.Lines(packed) {
		id, _, _ := bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(line), []byte{'^'}), []byte{' '})
		if line[0] != '#' && !isID(id) {
			return false
		}
	}
	return true
}

// isID reports whether text is a SHA-1 object ID.
func isID(text []byte) bool {
	return len(text) == 40 && len(bytes.Trim(text, "0123456789abcdef")) == 0
}

// hasReftable reports whether refs are stored in the reftable format.
func (r *Repo) hasReftable() bool {
	_, err := os.Stat(filepath.Join(r.Common, "reftable"))
	return err == nil
}
