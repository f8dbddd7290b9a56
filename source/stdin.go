package source

import (
	"context"
	"io"
	"iter"

	"github.com/keyguard/keyguard/scanner"
)

// StdinName stands for standard input in reports.
const StdinName = "<stdin>"

// Stream is the source of one blob, whatever R yields.
type Stream struct {
	Name string
	R    io.Reader
}

// Blobs implements scanner.Source.
func (s Stream) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		yield(&scanner.Blob{
			Origin: scanner.Origin{Path: s.Name},
			Open:   func() (io.ReadCloser, error) { return io.NopCloser(s.R), nil },
		}, nil)
	}
}
