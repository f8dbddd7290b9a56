package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
)

// ErrNoList reports a folder of whose files git keeps no account: one that is
// ignored as a whole, or the place of a submodule that was not fetched.
var ErrNoList = errors.New("not listed by git")

// ErrCutList reports a list from git that cannot be all of it.
var ErrCutList = errors.New("git's list of files is cut short")

// Files yields the files below dir that git tracks or would offer to track, as
// paths relative to dir: the untracked ones first, each group in git's order. A
// submodule and a repository inside this one come as their folders. Tracked files may
// be absent. For a folder without such a list it yields ErrNotRepo, ErrNoGit or
// ErrNoList, for one whose list is not whole ErrCutList.
func Files(ctx context.Context, dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if ignored(ctx, dir) {
			yield("", ErrNoList)
			return
		}
		empty := true
		err := eachFile(ctx, dir, func(path string) bool {
			empty = false
			return yield(path, nil)
		})
		if err == nil {
			err = withoutIndex(ctx, dir, empty, func(path string) bool { return yield(path, nil) })
		}
		if err != nil && err != errStop {
			yield("", err)
		}
	}
}

// eachFile calls visit for each file that git ls-files prints, until it returns false.
func eachFile(ctx context.Context, dir string, visit func(string) bool) error {
	last := ""
	// A bare repository among the files, which a clone may bring, must not
	// get to say which of them there are.
	return stream(ctx, dir, func(out io.Reader) error {
		return eachEntry(out, func(path string) error {
			if path == "./" {
				return ErrNoList
			}
			if path == last { // an unmerged path comes once for each version
				return nil
			}
			last = path
			if !visit(filepath.FromSlash(path)) {
				return errStop
			}
			return nil
		})
	}, "-c", "safe.bareRepository=explicit", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
}

// eachEntry calls visit for each entry of a list that git prints with -z.
func eachEntry(r io.Reader, visit func(string) error) error {
	in := bufio.NewReader(r)
	for {
		entry, err := in.ReadString(0)
		switch {
		case err == io.EOF && entry == "":
			return nil
		case err == io.EOF:
			return ErrCutList
		case err != nil:
			return err
		}
		if err := visit(entry[:len(entry)-1]); err != nil {
			return err
		}
	}
}

// withoutIndex looks at what the list of files came from. If there is no index, as
// after git clone --no-checkout, it visits the files of HEAD that are absent. A list
// that is empty though the index has files in dir is an ErrCutList.
func withoutIndex(ctx context.Context, dir string, empty bool, visit func(string) bool) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	place, ok := Find(abs)
	if !ok || place.GitDir == "" {
		return nil
	}
	index := filepath.Join(place.GitDir, "index")
	if name := os.Getenv("GIT_INDEX_FILE"); name != "" {
		index = absolute(abs, name)
	}
	if _, err := os.Lstat(index); errors.Is(err, fs.ErrNotExist) {
		return absentFiles(ctx, dir, visit)
	}
	if empty && indexNames(index, place.Top, abs) {
		return ErrCutList
	}
	return nil
}

// absentFiles visits the files that HEAD has in dir and the work tree has not.
func absentFiles(ctx context.Context, dir string, visit func(string) bool) error {
	if _, err := output(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return nil // no commit yet
	}
	return stream(ctx, dir, func(out io.Reader) error {
		return eachEntry(out, func(path string) error {
			path = filepath.FromSlash(path)
			if _, err := os.Lstat(filepath.Join(dir, path)); err == nil { // it was listed as untracked
				return nil
			}
			if !visit(path) {
				return errStop
			}
			return nil
		})
	}, "ls-tree", "-r", "-z", "--name-only", "HEAD")
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
