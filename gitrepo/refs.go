package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// ErrRefs reports refs that cannot be listed: there may be more than are known.
var ErrRefs = errors.New("refs cannot be listed")

// ref is a name for an object.
type Ref struct {
	Name string // in full: refs/heads/main, or HEAD
	ID   pack.ID
}

// refs returns HEAD, then all refs, then HEAD and the refs of the other work trees: what
// git rev-list --all starts at, and git gc keeps. With an ErrRefs it returns those that
// could be read.
func (r *Repo) Refs(ctx context.Context) ([]Ref, error) {
	out, err := r.refsOf(ctx, r.GitDir)
	trees, listErr := r.otherGitDirs()
	errs := []error{err, listErr}
	known := make(map[pack.ID]bool, len(out))
	for _, each := range out {
		known[each.ID] = true
	}
	for _, tree := range trees {
		refs, err := r.refsOf(ctx, tree.path)
		errs = append(errs, err)
		for _, each := range refs {
			if !known[each.ID] {
				each.Name = tree.prefix + each.Name
				out = append(out, each)
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return out, fmt.Errorf("%w: %w", ErrRefs, err)
	}
	return out, nil
}

// gitDir is that of a work tree.
type gitDir struct {
	prefix string // that git gives to its refs
	path   string
}

// otherGitDirs returns the git folders of the other work trees that have a HEAD
// (gitrepository-layout(5)).
func (r *Repo) otherGitDirs() (out []gitDir, err error) {
	add := func(prefix, dir string) {
		if _, err := os.Lstat(filepath.Join(dir, "HEAD")); !samePath(dir, r.GitDir) && !errors.Is(err, fs.ErrNotExist) {
			out = append(out, gitDir{prefix, dir})
		}
	}
	add("main-worktree/", r.Common)
	list, err := os.ReadDir(filepath.Join(r.Common, "worktrees"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	for _, entry := range list {
		add("worktrees/"+entry.Name()+"/", filepath.Join(r.Common, "worktrees", entry.Name()))
	}
	return out, err
}

func samePath(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// refsOf returns HEAD of a working tree, and the refs that are visible from it.
func (r *Repo) refsOf(ctx context.Context, gitDir string) (out []Ref, err error) {
	loose, err := r.looseRefs(gitDir)
	if err != nil {
		return nil, err
	}
	if out, ok := r.readRefs(gitDir, loose); ok {
		return out, nil
	}
	return r.refsByGit(ctx, gitDir)
}

// refsByGit asks git for the refs: for formats that go-git cannot read, and for every ref
// that is not plainly right.
func (r *Repo) refsByGit(ctx context.Context, gitDir string) (out []Ref, err error) {
	at := "--git-dir=" + gitDir
	// In a new repository HEAD names a branch that does not exist yet.
	if head, err := output(ctx, r.Dir, at, "rev-parse", "--verify", "--quiet", "HEAD"); err == nil {
		id, err := pack.ParseID(string(bytes.TrimSpace(head)))
		if err != nil {
			return nil, fmt.Errorf("HEAD: %w", err)
		}
		out = append(out, Ref{"HEAD", id})
	} else if _, err := output(ctx, r.Dir, at, "symbolic-ref", "--quiet", "HEAD"); err != nil {
		return nil, fmt.Errorf("HEAD of %s is broken: %w", gitDir, err)
	}
	list, err := r.listRefs(ctx, at)
	if len(list) > 0 && list[len(list)-1] != '\n' {
		err = errors.Join(err, errors.New("git's list of refs is truncated"))
	}
	refs, parseErr := parseRefs(string(list))
	return append(out, refs...), errors.Join(err, parseErr)
}

// parseRefs reads lines of an id, a name and, for a symbolic ref, the name that it
// stands for. These are left out if they stand for one of the others.
func parseRefs(list string) (out []Ref, err error) {
	names := make(map[string]bool)
	for line := range strings.Lines(list) {
		if f := strings.Fields(line); len(f) > 1 {
			names[f[1]] = true
		}
	}
	for line := range strings.Lines(list) {
		f := strings.Fields(line)
		if len(f) < 2 || len(f) > 3 {
			return out, fmt.Errorf("git's list of refs has an unknown line %q", line)
		}
		if len(f) == 3 && names[f[2]] {
			continue
		}
		id, err := pack.ParseID(f[0])
		if err != nil {
			return out, fmt.Errorf("ref %s: %w", f[1], err)
		}
		out = append(out, Ref{f[1], id})
	}
	return out, nil
}

// listRefs returns lines for parseRefs. Git only warns of what it cannot read, and
// of refs without a proper id or name.
func (r *Repo) listRefs(ctx context.Context, at string) ([]byte, error) {
	p, err := start(ctx, r.Dir, nil, at, "for-each-ref", "--format=%(objectname) %(refname) %(symref)")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = p.finish(func(in io.Reader) error {
		_, err := out.ReadFrom(in)
		return err
	})
	for line := range strings.Lines(p.stderr.String()) {
		if err == nil && brokenRef(line) {
			err = &Error{Verb: "for-each-ref", Message: strings.TrimSpace(line)}
		}
	}
	if err == nil && p.stderr.cut {
		err = &Error{Verb: "for-each-ref", Message: "more warnings than are read"}
	}
	return out.Bytes(), err
}

// brokenRef reports whether a warning is of a ref that git leaves out although it may
// lead somewhere. A dangling symbolic one does not.
func brokenRef(warning string) bool {
	return strings.HasPrefix(warning, "warning: ignoring broken ref ") || strings.HasPrefix(warning, "warning: ignoring ref with broken name ")
}

// looseRefs returns the names of the files below the refs directories of a working tree.
// A pipe or a device, which could block a reader forever, is an error.
func (r *Repo) looseRefs(gitDir string) (names []string, err error) {
	for _, root := range []string{gitDir, r.Common} {
		for _, at := range []string{"HEAD", "packed-refs", "refs"} {
			err := filepath.WalkDir(filepath.Join(root, at), func(path string, d fs.DirEntry, err error) error {
				switch {
				case errors.Is(err, fs.ErrNotExist):
					return nil
				case err != nil:
					return err
				case d.IsDir():
					return nil
				}
				info, err := os.Stat(path)
				switch {
				case errors.Is(err, fs.ErrNotExist): // a dangling link
					return nil
				case err == nil && !info.Mode().IsRegular() && !info.IsDir():
					return fmt.Errorf("read refs: %s is not a regular file", path)
				}
				if name, relErr := filepath.Rel(root, path); relErr == nil && at == "refs" {
					names = append(names, filepath.ToSlash(name))
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return names, nil
}
