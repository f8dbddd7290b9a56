package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/keyguard/keyguard/scanner"
)

// StdinName is the name of standard input in reports.
const StdinName = "<stdin>"

// ErrNoInput reports an input that is closed or the null device, which a program gets if
// it starts with a closed input. An empty pipe or file is an input.
var ErrNoInput = errors.New("no input: it is closed, or the null device")

// errOpened reports a blob of an input that can be read only once.
var errOpened = errors.New("opened before")

// Stream is the source of one blob, the content of R.
type Stream struct {
	Name string
	R    io.Reader
}

// Blobs implements scanner.Source.
func (s Stream) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		opened := false
		yield(&scanner.Blob{
			Origin: scanner.Origin{Path: s.Name},
			Open: func() (io.ReadCloser, error) {
				if err := checkInput(s.R); err != nil {
					return nil, err
				}
				if opened {
					return nil, fmt.Errorf("%s: %w", s.Name, errOpened)
				}
				opened = true
				return io.NopCloser(interruptible(ctx, s.R)), nil
			},
		}, nil)
	}
}

// checkInput returns ErrNoInput if r is closed or the null device.
func checkInput(r io.Reader) error {
	file, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return nil
	}
	is, err := file.Stat()
	if errors.Is(err, fs.ErrClosed) {
		return ErrNoInput
	}
	null, nullErr := os.Stat(os.DevNull)
	if err == nil && nullErr == nil && os.SameFile(is, null) {
		return ErrNoInput
	}
	return nil
}

// interruptible returns a reader of r that ends with the cause of ctx when ctx is done,
// even while r waits for input. Until r returns, a goroutine stays blocked in it.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { in.CloseWithError(context.Cause(ctx)) })
	go func() {
		_, err := io.CopyBuffer(in, struct{ io.Reader }{r}, make([]byte, 256<<10))
		in.CloseWithError(err)
	}()
	return out
}
