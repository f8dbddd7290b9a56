//go:build unix

package cli

import (
	"errors"
	"syscall"
)

// IsClosedPipe reports whether err is a write to a pipe whose reader has closed it.
func IsClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
