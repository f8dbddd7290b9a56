package gitrepo

import (
	"context"
	"errors"
	"io"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// ObjectError reports an object that is missing or damaged.
type ObjectError struct{ Err error }

// Error implements error.
func (e *ObjectError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ObjectError) Unwrap() error { return e.Err }

// maxInMemory is the maximum size of a blob that is read at once.
const maxInMemory = 1 << 20

// OpenObject returns the content of an object, which is streamed if it is larger than
// maxInMemory.
func (r *Repo) OpenObject(id pack.ID) (io.ReadCloser, error) {
	_, data, err := r.Store.Read(id, maxInMemory)
	if err == nil {
		return scanner.InMemory(data), nil
	}
	if !errors.Is(err, pack.ErrTooLarge) {
		return nil, err
	}
	_, _, body, err := r.Store.Open(id)
	return body, err
}

// added returns the touched lines of blob new that blob old lacks. A zero old has no lines.
func (r *Repo) added(ctx context.Context, old, new pack.ID, touched scanner.Lines) (scanner.Lines, error) {
	if old.IsZero() {
		return touched, nil
	}
	opener := func(id pack.ID) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return r.OpenObject(id) }
	}
	return scanner.AddedLines(ctx, opener(old), opener(new), touched)
}
