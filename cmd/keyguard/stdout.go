package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// errClosed reports that the process was started without a standard output.
var errClosed = errors.New("it is closed")

// stdout returns standard output. Go's runtime opens the null device in place of one
// that is closed, which would take a report and lose it.
func stdout() io.Writer {
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
type checked struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (c *checked) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

// unwritten says that standard output was not written, unless nobody reads it any more.
func (a *app) unwritten(err error) {
	if !isClosedPipe(err) {
		a.fail(&hinted{fmt.Errorf("write standard output: %w", cause(err)), "give it a standard output with room: a file, a pipe, or > /dev/null"})
	}
}
