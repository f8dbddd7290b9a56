package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// atomicFile appears under its name only when it is complete.
type atomicFile struct {
	*os.File
	name string
}

func createAtomic(name string) (*atomicFile, error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	return &atomicFile{f, name}, nil
}

func (f *atomicFile) commit() error {
	err := errors.Join(f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	if err != nil {
		_ = os.Remove(f.File.Name())
	}
	return err
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
