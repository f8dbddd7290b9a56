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

// ErrNoList reports a directory whose files git does not list: the directory is ignored,
// or it is a submodule that was not cloned.
var ErrNoList = errors.New("not listed by git")

// Files yields the files below dir that are tracked, or untracked and not ignored, as
// paths relative to dir. Untracked files come first; each group is in git's order. A
// submodule, or another repository inside this one, is yielded as its directory. Tracked
// files may be absent. If git cannot list the files, the error is ErrNotRepo, ErrNoGit or
// ErrNoList; if the list is incomplete, ErrTruncatedList.
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

// eachFile calls visit for each file that git ls-files lists, until visit returns false.
func eachFile(ctx context.Context, dir string, visit func(string) bool) error {
	last := ""
	// safe.bareRepository: a bare repository among cloned files must not supply the list.
	return stream(ctx, dir, func(out io.Reader) error {
		return eachEntry(out, func(path string) error {
			if path == "./" {
				return ErrNoList
			}
			if path == last { // an unmerged path is listed once per version
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

// eachEntry calls visit for each entry of git output with -z.
func eachEntry(r io.Reader, visit func(string) error) error {
	in := bufio.NewReader(r)
	for {
		entry, err := in.ReadString(0)
		switch {
		case err == io.EOF && entry == "":
			return nil
		case err == io.EOF:
			return ErrTruncatedList
		case err != nil:
			return err
		}
		if err := visit(entry[:len(entry)-1]); err != nil {
			return err
		}
	}
}

// withoutIndex checks the index that the list came from. If there is no index, as after
// git clone --no-checkout, it visits the absent files of HEAD. It returns
// ErrTruncatedList if the list is empty although the index has files in dir.
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
	if empty && indexHasEntries(index, place.Top, abs) {
		return ErrTruncatedList
	}
	return nil
}

// absentFiles visits the files in dir that HEAD has and the working tree lacks.
func absentFiles(ctx context.Context, dir string, visit func(string) bool) error {
	if _, err := output(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return nil // no commit yet
	}
	return stream(ctx, dir, func(out io.Reader) error {
		return eachEntry(out, func(path string) error {
			path = filepath.FromSlash(path)
			if _, err := os.Lstat(filepath.Join(dir, path)); err == nil { // listed as untracked
				return nil
			}
			if !visit(path) {
				return errStop
			}
			return nil
		})
	}, "ls-tree", "-r", "-z", "--name-only", "HEAD")
}

// ignored reports whether git ignores dir itself. The top of a working tree is never
// ignored.
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
	// --no-index: otherwise a directory with a tracked file does not count as ignored.
	_, err = output(ctx, dir, "check-ignore", "--quiet", "--no-index", path)
	return err == nil
}
