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

// Lister yields the files below a directory that are to be scanned, relative to it. An
// entry may be a directory, which is then listed in turn. For a directory without a list
// it yields ErrNotListed, and the whole directory is scanned.
type Lister func(ctx context.Context, dir string) iter.Seq2[string, error]

// ErrNotListed reports a directory that a Lister has no list of.
var ErrNotListed = errors.New("not listed")

// ErrEmpty reports a named directory that no Lister lists and that contains no files. It
// is probably the wrong one.
var ErrEmpty = errors.New("no files in this directory")

// ErrNotFile reports a pipe, a device or the like, which may never end.
var ErrNotFile = errors.New("not a regular file")

// Tree is the source of the files at and below Paths. A named file is scanned even if
// List leaves it out.
type Tree struct {
	Dir   string // base of Paths and of the blobs' paths; empty: the current directory
	Paths []string
	List  Lister
	// Except are files to skip under any name, such as the report of the scan.
	Except  []fs.FileInfo
	MaxSize int64 // larger files are skipped; 0: none
}

// Blobs implements scanner.Source.
func (t Tree) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		w := walk{ctx: ctx, Tree: t, yield: yield}
		for _, path := range t.Paths {
			path = t.diskPath(path)
			info, err := os.Stat(path) // follows a named link
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

// dir yields the contents of a directory.
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

// unlisted yields every file of a directory, except git's own.
func (w *walk) unlisted(dir string) {
	met := false // found a file, or an entry that may be or contain one
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			met = true
			w.fail(err)
		case d.IsDir():
			if path != dir && isRepo(path) {
				met = true
				w.dir(path) // its own ignore files apply
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

// entry yields the file, or the contents of the directory, that a list names.
func (w *walk) entry(path string) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		w.emit(nil, &scanner.Skipped{Path: w.reportPath(path), Reason: "tracked, but not in the working tree: not checked out, or deleted"})
	case err != nil:
		w.fail(err)
	case info.IsDir() && isEmpty(path):
		w.emit(nil, &scanner.Skipped{Path: w.reportPath(path), Reason: "an empty directory: a submodule that is not checked out"})
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
		// Git stores the name of the target, not its content.
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

// diskPath returns the path of a file on disk.
func (t Tree) diskPath(path string) string {
	if t.Dir == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(t.Dir, path)
}

// reportPath returns the path of a file in reports.
func (t Tree) reportPath(path string) string {
	if t.Dir != "" {
		if rel, err := filepath.Rel(t.Dir, path); err == nil && filepath.IsLocal(rel) {
			path = rel
		}
	}
	return strings.TrimPrefix(filepath.ToSlash(path), "./")
}
