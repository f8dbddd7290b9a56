package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// AtomicFile is a file that replaces the one of its name when it is committed.
type AtomicFile struct {
	*os.File
	path string // empty for a device or pipe, which is written to directly
}

// CreateAtomic creates a temporary file beside name. If it is private, only its owner may
// read it. The caller must call Commit or Discard.
func CreateAtomic(name string, private bool) (*AtomicFile, error) {
	mode := fs.FileMode(0o666) // reduced by umask
	if private {
		mode = 0o600
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case info.IsDir():
		return nil, WithHint(fmt.Errorf("%s is a directory", name), "name a file in it")
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		return &AtomicFile{f, ""}, err
	}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	f, err := os.OpenFile(filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:12]), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		err = fmt.Errorf("create %s: %w", name, errors.Unwrap(err))
		if errors.Is(err, fs.ErrNotExist) {
			err = WithHint(err, "create its directory first")
		}
		return nil, err
	}
	if info != nil && !private { // keep the permissions of the old file
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			_, _ = f.Close(), os.Remove(f.Name())
			return nil, err
		}
	}
	return &AtomicFile{f, name}, nil
}

// Commit closes the file and moves it to its name.
func (f *AtomicFile) Commit() error {
	if f.path == "" {
		return f.Close()
	}
	err := f.Close()
	if err == nil {
		err = os.Rename(f.File.Name(), f.path)
	}
	return err
}

// Discard removes the temporary file. After Commit it has no effect.
func (f *AtomicFile) Discard() {
	_ = f.Close()
	if f.path != "" {
		_ = os.Remove(f.File.Name())
	}
}

// Files returns the files that a scan must skip: the temporary one, and the one that it
// replaces.
func (f *AtomicFile) Files() (files []fs.FileInfo) {
	if info, err := f.Stat(); err == nil {
		files = append(files, info)
	}
	if info, err := os.Stat(f.path); err == nil {
		files = append(files, info)
	}
	return files
}

// WriteFile replaces a file of the project atomically. It returns an error if name is a
// symbolic link, because a repository may link to any file.
func WriteFile(name string, data []byte) error {
	if IsLink(name) {
		return WithHint(fmt.Errorf("%s is a link, and a repository's may lead anywhere", name), "make it a file")
	}
	f, err := CreateAtomic(name, false)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.Commit()
}

// IsLink reports whether path is a symbolic link.
func IsLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&os.ModeSymlink != 0
}
