package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
)

// ErrNoList reports a folder of whose files git keeps no account: one that is
// ignored as a whole, or the place of a submodule that was not fetched.
var ErrNoList = errors.New("not listed by git")

// Files yields the files below dir that git tracks or would offer to track, as
// paths relative to dir: the untracked ones first, each group in git's order. A
// submodule and a repository inside this one come as their folders. For a
// folder without such a list it yields ErrNotRepo, ErrNoGit or ErrNoList.
func Files(ctx context.Context, dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if ignored(ctx, dir) {
			yield("", ErrNoList)
			return
		}
		// A bare repository among the files, which a clone may bring, must not
		// get to say which of them there are.
		last := ""
		err := stream(ctx, dir, func(out io.Reader) error {
			in := bufio.NewReader(out)
			for {
				path, err := in.ReadString(0)
				if err == io.EOF {
					return nil
				}
				if err != nil {
					return err
				}
				path = path[:len(path)-1]
				if path == "./" {
					return ErrNoList
				}
				if path == last { // an unmerged path comes once for each version
					continue
				}
				last = path
				if !yield(filepath.FromSlash(path), nil) {
					return errStop
				}
			}
		}, "-c", "safe.bareRepository=explicit", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
		if err != nil && err != errStop {
			yield("", err)
		}
	}
}

// ignored reports whether git ignores dir as a whole. The top of a work tree
// never is.
func ignored(ctx context.Context, dir string) bool {
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		return false
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return false
	}
	// With the index, git would not call a folder ignored that holds a tracked file.
	_, err = output(ctx, dir, "check-ignore", "--quiet", "--no-index", path)
	return err == nil
}
