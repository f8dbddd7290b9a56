package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/keyguard/keyguard/scanner"
)

// Lister yields the files below a folder that are to be scanned, relative to
// it. An entry may be a folder, which is then listed in turn. It returns
// ErrNotListed for a folder that it has no list of: all of it is then scanned.
type Lister func(ctx context.Context, dir string) iter.Seq2[string, error]

// ErrNotListed is a Lister's word that it does not know a folder.
var ErrNotListed = errors.New("not listed")

// ErrEmpty reports a folder that was named, that no Lister knows, and that holds
// no file: it is more likely the wrong one than a clean one.
var ErrEmpty = errors.New("no files in this folder")

// ErrNotFile reports a pipe, a device or the like, which may never end.
var ErrNotFile = errors.New("not a regular file")

// Tree is the source of the files at and below Paths. A file that is named is
// scanned, whatever List says.
type Tree struct {
	Dir   string // that Paths and the blobs' paths start from; empty: the current folder
	Paths []string
	List  Lister
	// Except are files that are left out wherever they are met: the report
	// that is being written.
	Except  []fs.FileInfo
	MaxSize int64 // larger files are skipped; 0: none
}

// Blobs implements scanner.Source.
func (t Tree) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		w := walk{ctx: ctx, Tree: t, yield: yield}
		for _, path := range t.Paths {
			path = t.diskPath(path)
			info, err := os.Stat(path) // a link that is named is followed
			switch {
			case err != nil:
				w.fail(err)
			case info.IsDir():
				w.dir(path)
			case !info.Mode().IsRegular():
				w.fail(fmt.Errorf("%s: %w", path, ErrNotFile))
			default:
				w.file(path, info)
			}
			if w.stopped {
				return
			}
		}
	}
}

// walk is one iteration over a tree.
type walk struct {
	Tree
	ctx     context.Context
	yield   func(*scanner.Blob, error) bool
	stopped bool
}

func (w *walk) emit(b *scanner.Blob, err error) {
	w.stopped = w.stopped || !w.yield(b, err)
}

func (w *walk) fail(err error) { w.emit(nil, err) }

// dir yields what is in a folder.
func (w *walk) dir(dir string) {
	for name, err := range w.List(w.ctx, dir) {
		switch {
		case errors.Is(err, ErrNotListed):
			w.unlisted(dir)
		case err != nil:
			w.fail(fmt.Errorf("list %s: %w", dir, err))
		default:
			w.entry(filepath.Join(dir, name))
		}
		if w.stopped {
			return
		}
	}
}

// all yields every file of a folder, but for git's own.
func (w *walk) unlisted(dir string) {
	met := false // a file, or anything that may hold or be one
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			met = true
			w.fail(err)
		case d.IsDir():
			if path != dir && isRepo(path) {
				met = true
				w.dir(path) // which its own ignore files describe
				return stopOr(fs.SkipDir, w.stopped)
			}
			if d.Name() == ".git" {
				return fs.SkipDir
			}
		default:
			met = true
			w.entry(path)
		}
		return stopOr(nil, w.stopped)
	})
	if named := func(path string) bool { return w.diskPath(path) == dir }; !met && slices.ContainsFunc(w.Paths, named) {
		err = fmt.Errorf("%s: %w", dir, ErrEmpty)
	}
	if err != nil && !w.stopped {
		w.fail(err)
	}
}

func stopOr(err error, stopped bool) error {
	if stopped {
		return fs.SkipAll
	}
	return err
}

func isRepo(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}

// entry yields what a listed name stands for.
func (w *walk) entry(path string) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		w.emit(nil, &scanner.Skipped{Path: w.reportPath(path), Reason: "tracked, but not in the work tree: not checked out, or deleted"})
	case err != nil:
		w.fail(err)
	case info.IsDir() && isEmpty(path):
		w.emit(nil, &scanner.Skipped{Path: w.reportPath(path), Reason: "an empty folder: a submodule that is not checked out"})
	case info.IsDir():
		w.dir(path)
	default:
		w.file(path, info)
	}
}

func isEmpty(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = f.Readdirnames(1)
	return err == io.EOF
}

func (w *walk) file(path string, info fs.FileInfo) {
	origin := scanner.Origin{Path: w.reportPath(path)}
	switch mode := info.Mode(); {
	case slices.ContainsFunc(w.Except, func(e fs.FileInfo) bool { return os.SameFile(e, info) }):
		w.emit(nil, &scanner.Skipped{Path: origin.Path, Reason: "the report of this scan"})
	case w.MaxSize > 0 && mode.IsRegular() && info.Size() > w.MaxSize:
		w.emit(nil, &scanner.Skipped{Path: origin.Path, Reason: fmt.Sprintf("%d bytes, more than max_file_size", info.Size())})
	case mode.IsRegular():
		w.emit(&scanner.Blob{Origin: origin, Open: func() (io.ReadCloser, error) { return os.Open(path) }}, nil)
	case mode&fs.ModeSymlink != 0:
		// Git stores the target's name; what it points to is not in the tree.
		target, err := os.Readlink(path)
		if err != nil {
			w.fail(err)
			return
		}
		w.emit(&scanner.Blob{Origin: origin, Open: func() (io.ReadCloser, error) { return scanner.InMemory([]byte(target)), nil }}, nil)
	default:
		w.emit(nil, &scanner.Skipped{Path: origin.Path, Reason: ErrNotFile.Error()})
	}
}

// name returns what a path is called on the disk.
func (t Tree) diskPath(path string) string {
	if t.Dir == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(t.Dir, path)
}

// display returns a name as reports have it.
func (t Tree) reportPath(path string) string {
	if t.Dir != "" {
		if rel, err := filepath.Rel(t.Dir, path); err == nil && filepath.IsLocal(rel) {
			path = rel
		}
	}
	return strings.TrimPrefix(filepath.ToSlash(path), "./")
}
