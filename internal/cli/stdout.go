package cli

import (
	"errors"
	"io"
	"os"
)

// errClosed reports that the process was started without a standard output.
var errClosed = errors.New("it is closed")

// stdout returns standard output. Go's runtime opens the null device in place of one
// that is closed, which would take a report and lose it.
func Stdout() io.Writer {
	if isReplaced(os.Stdout) {
		return closed{}
	}
	return os.Stdout
}

// closed is a standard output that is not there.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errClosed }

// checked is a writer that keeps its first error. Most verbs print and leave it to run
// to look whether that was written.
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
