package source

import (
	"context"
	"iter"

	"github.com/keyguard/keyguard/scanner"
)

// Filter leaves out blobs of another source, and says so for each.
type Filter struct {
	Source scanner.Source
	// Skip returns why a path is left out, or "" if it is not.
	Skip func(path string) string
}

// Blobs implements scanner.Source.
func (f Filter) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for blob, err := range f.Source.Blobs(ctx) {
			if err == nil {
				if reason := f.Skip(blob.Origin.Path); reason != "" {
					err = f.skipped(blob, reason)
					blob = nil
				}
			}
			if !yield(blob, err) {
				return
			}
		}
	}
}

func (f Filter) skipped(blob *scanner.Blob, reason string) error {
	if _, stream := f.Source.(Patch); stream { // whose next file begins where this one ends
		body, err := blob.Open()
		if err == nil {
			err = body.Close()
		}
		if err != nil {
			return err
		}
	}
	return &scanner.Skipped{Path: blob.Origin.Path, Reason: reason}
}
