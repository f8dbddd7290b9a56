//go:build linux || darwin || freebsd || netbsd

package cli

import (
	"os"
	"syscall"
)

// isReplaced reports whether Go's runtime opened the null device for a closed file. The
// runtime opens it for reading and writing, a shell only for writing.
func isReplaced(f *os.File) bool {
	info, err := f.Stat()
	null, err2 := os.Stat(os.DevNull)
	if err != nil || err2 != nil || !os.SameFile(info, null) {
		return false
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	return errno == 0 && flags&syscall.O_ACCMODE == syscall.O_RDWR
}
