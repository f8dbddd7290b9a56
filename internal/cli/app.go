package cli

import (
	"io"
	"os"
)

// app is the program and its connections to the outside.
type App struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	hinted   string // the last hint given: the next error may have the same
	Clock    *Clock
	Version  string
}

// workingDir is where the command was called.
func WorkingDir() (string, error) { return os.Getwd() }
