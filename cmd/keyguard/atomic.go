package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// atomicFile appears under its name only when it is complete.
type atomicFile struct {
	*os.File
	name string // empty: what is there is written to, as it is no file but a device or pipe
}

func createAtomic(name string) (*atomicFile, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		return &atomicFile{f, ""}, err
	}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, errors.Unwrap(err))
	}
	return &atomicFile{f, name}, nil
}

func (f *atomicFile) commit() error {
	if f.name == "" {
		return f.Close()
	}
	err := errors.Join(f.Chmod(0o644), f.Close())
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

// buffered collects small writes, and hands them on at once where someone may
// be watching.
type buffered struct {
	*bufio.Writer
	live bool
}

func newBuffered(w io.Writer, live bool) *buffered {
	return &buffered{bufio.NewWriterSize(w, 64<<10), live && isTerminal(w)}
}

func (b *buffered) Write(p []byte) (int, error) {
	n, err := b.Writer.Write(p)
	if err == nil && b.live {
		err = b.Flush()
	}
	return n, err
}
