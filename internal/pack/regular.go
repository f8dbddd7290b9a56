package pack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

var errIrregular = errors.New("not a regular file")

// OpenRegular opens a regular file of a repository for reading. A pipe or a device, which
// could block a reader forever, is an error.
func OpenRegular(path string) (*os.File, error) {
	// Without O_NONBLOCK, opening a pipe waits for someone to write to it.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", path, errIrregular)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ReadRegular is [os.ReadFile] for regular files.
func ReadRegular(path string) ([]byte, error) {
	f, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
