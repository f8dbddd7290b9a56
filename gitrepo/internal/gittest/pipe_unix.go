//go:build unix

package gittest

import (
	"path/filepath"
	"syscall"
)

// Pipe creates a named pipe, which blocks a reader, and returns its path.
func (r *Repo) Pipe(name string) string {
	r.T.Helper()
	path := filepath.Join(r.Dir, name)
	if err := syscall.Mkfifo(path, 0o666); err != nil {
		r.T.Skip("no pipes here: ", err)
	}
	return path
}
