package scanner

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
)

// Source yields blobs to scan.
type Source interface {
	// Blobs yields blobs in an order that is the same each time. A non-nil error concerns
	// one blob, and iteration continues after it. A *Skipped error is content that was
	// left out on purpose.
	Blobs(ctx context.Context) iter.Seq2[*Blob, error]
}

// Blob is content to scan, with its origin.
type Blob struct {
	Origin Origin
	// Open returns the content, and the caller must close it. The worker that scans the
	// blob calls Open once. A second call returns the same content or an error.
	Open func() (io.ReadCloser, error)
	// Release, if not nil, must be called instead of Open for a blob that is not read:
	// its source cannot yield the next blob before this one is closed or released.
	Release func() error
	// Only returns the lines that count, among the lines of findings. It is called only for
	// a blob with findings. If nil, all lines count.
	Only func(touched Lines) (Lines, error)
	// Renumber returns the line of the file for a line of the content, which is an
	// extract of the file. If nil, both are the same.
	Renumber func(line int) int
}

// InMemory returns a reader of data. A Scanner uses its data without a copy.
func InMemory(data []byte) io.ReadCloser { return &inMemory{data, *bytes.NewReader(data)} }

type inMemory struct {
	data []byte
	bytes.Reader
}

func (*inMemory) Close() error { return nil }

// Skipped reports content that was left out on purpose.
type Skipped struct {
	Path   string
	Reason string
}

// Error implements error.
func (s *Skipped) Error() string { return fmt.Sprintf("%s: skipped: %s", s.Path, s.Reason) }

// Lines is a set of lines, as ranges in ascending order.
type Lines []LineRange

// LineRange is the lines First to Last, counted from 1, inclusive.
type LineRange struct{ First, Last int }

// Touch reports whether any line from first to last is in the set.
func (l Lines) Touch(first, last int) bool {
	for _, r := range l {
		if r.First <= last && first <= r.Last {
			return true
		}
	}
	return false
}

// And returns the lines that are in both sets.
func (l Lines) And(other Lines) (out Lines) {
	for _, a := range l {
		for _, b := range other {
			if both := (LineRange{max(a.First, b.First), min(a.Last, b.Last)}); both.First <= both.Last {
				out = append(out, both)
			}
		}
	}
	return out
}

// ordered returns the same lines in ascending order, each in one range.
func ordered(lines Lines) (out Lines) {
	slices.SortFunc(lines, func(a, b LineRange) int { return cmp.Compare(a.First, b.First) })
	for _, r := range lines {
		if n := len(out); n > 0 && r.First-1 <= out[n-1].Last {
			out[n-1].Last = max(out[n-1].Last, r.Last)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// stoppable is a reader that ends with the error of ctx when ctx is done, so that a blob
// of any size can be interrupted.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.r.Read(p)
}
