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
type ref struct {
	name string // in full: refs/heads/main, or HEAD
	id   pack.ID
}

// refs returns HEAD, then all refs, then HEAD and the refs of the other work trees: what
// git rev-list --all starts at, and git gc keeps. With an ErrRefs it returns those that
// could be read.
func (r *Repo) refs(ctx context.Context) ([]ref, error) {
	out, err := r.refsOf(ctx, r.GitDir)
	trees, listErr := r.otherGitDirs()
	errs := []error{err, listErr}
	known := make(map[pack.ID]bool, len(out))
	for _, each := range out {
		known[each.id] = true
	}
	for _, tree := range trees {
		refs, err := r.refsOf(ctx, tree.path)
		errs = append(errs, err)
		for _, each := range refs {
			if !known[each.id] {
				each.name = tree.prefix + each.name
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

// refsOf returns HEAD of a work tree, and the refs that are seen from there.
func (r *Repo) refsOf(ctx context.Context, gitDir string) (out []ref, err error) {
	if err := r.plainRefs(gitDir); err != nil {
		return nil, err
	}
	at := "--git-dir=" + gitDir
	// In a new repository HEAD names a branch that is not there yet.
	if head, err := output(ctx, r.Dir, at, "rev-parse", "--verify", "--quiet", "HEAD"); err == nil {
		id, err := pack.ParseID(string(bytes.TrimSpace(head)))
		if err != nil {
			return nil, fmt.Errorf("HEAD: %w", err)
		}
		out = append(out, ref{"HEAD", id})
	} else if _, err := output(ctx, r.Dir, at, "symbolic-ref", "--quiet", "HEAD"); err != nil {
		return nil, fmt.Errorf("HEAD of %s is broken: %w", gitDir, err)
	}
	list, err := r.listRefs(ctx, at)
	if len(list) > 0 && list[len(list)-1] != '\n' {
		err = errors.Join(err, errors.New("git's list is cut short"))
	}
	refs, parseErr := parseRefs(string(list))
	return append(out, refs...), errors.Join(err, parseErr)
}

// parseRefs reads lines of an id, a name and, for a symbolic ref, the name that it
// stands for. These are left out if they stand for one of the others.
func parseRefs(list string) (out []ref, err error) {
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
		out = append(out, ref{f[1], id})
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

// plainRefs reports, by its error, a pipe or a device where a ref should be: to
// read it might never end.
func (r *Repo) plainRefs(gitDir string) error {
	for _, at := range []string{filepath.Join(gitDir, "HEAD"), filepath.Join(r.Common, "packed-refs"), filepath.Join(r.Common, "refs"), filepath.Join(gitDir, "refs")} {
		err := filepath.WalkDir(at, func(path string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case d.Type().IsRegular() || d.IsDir():
				return nil
			}
			info, err := os.Stat(path)
			switch {
			case errors.Is(err, fs.ErrNotExist): // a link that dangles leads nowhere
				return nil
			case err == nil && !info.Mode().IsRegular() && !info.IsDir():
				return fmt.Errorf("read refs: %s is not a regular file", path)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
