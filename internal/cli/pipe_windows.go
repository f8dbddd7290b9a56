package cli

import (
	"errors"
	"syscall"
)

// IsClosedPipe reports whether nobody reads what was written.
func IsClosedPipe(err error) bool {
	const noData = syscall.Errno(232) // ERROR_NO_DATA
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData)
}
