package cli

import (
	"errors"
	"io"
	"os"
)

// ErrClosed is the error of writes if the process was started without standard output.
var ErrClosed = errors.New("standard output is closed")

// Stdout returns standard output. If it was closed, writes fail: Go's runtime replaces it
// with the null device, which would discard a report.
func Stdout() io.Writer {
	if isReplaced(os.Stdout) {
		return closed{}
	}
	return os.Stdout
}

// closed is a closed standard output.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, ErrClosed }

// Checked is a writer that records its first error, so that commands need not check each
// write.
type Checked struct {
	io.Writer
	Err error
}

// Write implements io.Writer.
func (c *Checked) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	if c.Err == nil {
		c.Err = err
	}
	return n, err
}
