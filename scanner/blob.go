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

// Source yields what to scan.
type Source interface {
	// Blobs yields blobs in an order of the source's own, the same each time.
	// A non-nil error concerns one blob only, and iteration goes on after it;
	// a *Skipped says that leaving it out is meant.
	Blobs(ctx context.Context) iter.Seq2[*Blob, error]
}

// Blob is some content and where it lives.
type Blob struct {
	Origin Origin
	// Open returns the content, and the caller must close it. The worker that scans the
	// blob calls Open once. A second call returns the same content or an error.
	Open func() (io.ReadCloser, error)
	// Release, if not nil, must be called instead of Open for a blob that is not read:
	// its source cannot yield the next blob before this one is closed or released.
	Release func() error
	// Only returns the touched lines, those of findings, that count. It is called
	// only for a blob that has findings. Nil: all of them count.
	Only func(touched Lines) (Lines, error)
	// Renumber turns a line of the content into one of the file that the
	// content is an extract of. Nil: they are the same.
	Renumber func(line int) int
}

// InMemory returns a reader of data that a Scanner does not read but takes
// whole, without copying it.
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

// LineRange is the lines First to Last, from 1, both included.
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

// stoppable is a reader that ends with ctx's error when that is done, so that
// no blob is too large to be interrupted.
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
