//go:build unix

package cli

import (
	"errors"
	"syscall"
)

// isClosedPipe reports whether nobody reads what was written.
func IsClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
