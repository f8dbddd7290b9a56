//go:build unix

package main

import (
	"errors"
	"syscall"
)

// isClosedPipe reports whether nobody reads what was written.
func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
