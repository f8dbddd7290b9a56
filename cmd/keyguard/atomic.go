package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// atomicFile appears under its name only when it is complete.
type atomicFile struct {
	*os.File
	name string // empty: what is there is written to, as it is no file but a device or pipe
}

// createAtomic begins a file, which only its owner may read if it is private.
func createAtomic(name string, private bool) (*atomicFile, error) {
	mode := fs.FileMode(0o666) // less what umask says
	if private {
		mode = 0o600
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case info.IsDir():
		return nil, &hinted{fmt.Errorf("%s is a folder", name), "name a file in it"}
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		return &atomicFile{f, ""}, err
	}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	f, err := os.OpenFile(filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:12]), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		err = fmt.Errorf("create %s: %w", name, errors.Unwrap(err))
		if errors.Is(err, fs.ErrNotExist) {
			err = &hinted{err, "make its folder first"}
		}
		return nil, err
	}
	if info != nil && !private { // the new file is as open as the old one
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			_, _ = f.Close(), os.Remove(f.Name())
			return nil, err
		}
	}
	return &atomicFile{f, name}, nil
}

func (f *atomicFile) commit() error {
	if f.name == "" {
		return f.Close()
	}
	err := f.Close()
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	return err
}

// discard leaves what was there before. After commit it does nothing.
func (f *atomicFile) discard() {
	_ = f.Close()
	if f.name != "" {
		_ = os.Remove(f.File.Name())
	}
}

// itself returns the files that a scan must not take for something to scan:
// the one being written, and the one that it will replace.
func (f *atomicFile) itself() (files []fs.FileInfo) {
	if info, err := f.Stat(); err == nil {
		files = append(files, info)
	}
	if info, err := os.Stat(f.name); err == nil {
		files = append(files, info)
	}
	return files
}

// writeFile replaces a file of the project as a whole. A link is not followed: it may
// have come from a stranger.
func writeFile(name string, data []byte) error {
	if isLink(name) {
		return &hinted{fmt.Errorf("%s is a link, and a repository's may lead anywhere", name), "make it a file"}
	}
	f, err := createAtomic(name, false)
	if err != nil {
		return err
	}
	defer f.discard()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.commit()
}
