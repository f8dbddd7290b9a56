package cli

import (
	"io"
	"os"
)

// App holds the streams, the environment and the clock of one command line.
type App struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	hinted   string // the last hint, which is not repeated
	Clock    *Clock
	Version  string
}

// WorkingDir returns the current directory.
func WorkingDir() (string, error) { return os.Getwd() }
