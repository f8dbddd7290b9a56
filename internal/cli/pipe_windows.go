package cli

import (
	"errors"
	"syscall"
)

// IsClosedPipe reports whether err is a write to a pipe whose reader has closed it.
func IsClosedPipe(err error) bool {
	const noData = syscall.Errno(232) // ERROR_NO_DATA
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData)
}
