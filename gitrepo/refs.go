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

// ErrRefs reports that some refs could not be listed.
var ErrRefs = errors.New("refs cannot be listed")

// Ref is a name of an object.
type Ref struct {
	Name string // full name, such as refs/heads/main, or HEAD
	ID   pack.ID
}

// Refs returns HEAD, then all refs, then HEAD and the refs of the other working trees:
// the starting points of git rev-list --all and git gc. With an ErrRefs it returns the
// refs that could be read.
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

// gitDir is the git directory of a working tree.
type gitDir struct {
	prefix string // of its refs in git
	path   string
}

// otherGitDirs returns the git directories of the other working trees that have a HEAD
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

// refsOf returns HEAD of a working tree and the refs that are visible from it.
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

// refsByGit lists the refs with git. It is used for formats that go-git cannot read, and
// if a ref has an unusual form.
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

// parseRefs reads lines of an ID, a name and the target of a symbolic ref. It omits
// symbolic refs whose target is in the list.
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

// listRefs returns lines for parseRefs. It returns an error for refs without a valid ID
// or name, of which git only warns.
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
		if err == nil && isBrokenRefWarning(line) {
			err = &Error{Command: "for-each-ref", Message: strings.TrimSpace(line)}
		}
	}
	if err == nil && p.stderr.truncated {
		err = &Error{Command: "for-each-ref", Message: "more warnings than are read"}
	}
	return out.Bytes(), err
}

// isBrokenRefWarning reports whether git warns that it ignores a ref which may point to
// an object. A dangling symbolic ref does not.
func isBrokenRefWarning(warning string) bool {
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
