package gitrepo

import (
	"errors"
	"fmt"
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

// maxCompared is the maximum size of a blob that is compared with its old version. All
// lines of larger blobs count as added.
const maxCompared = 64 << 20

// added returns the lines of blob new that blob old lacks. A zero old has no lines.
func (r *Repo) added(old, new pack.ID) (scanner.Lines, error) {
	all := scanner.Lines{{First: 1, Last: 1<<63 - 1}}
	if old.IsZero() {
		return all, nil
	}
	_, text, err := r.Store.Read(new, maxCompared)
	if errors.Is(err, pack.ErrTooLarge) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	_, before, err := r.Store.Read(old, maxCompared)
	if errors.Is(err, pack.ErrTooLarge) {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the version in HEAD: %w", err)
	}
	return scanner.AddedLines(before, text), nil
}
