package source

import (
	"context"
	"iter"

	"github.com/keyguard/keyguard/scanner"
)

// Filter yields the blobs of another source, with a *scanner.Skipped in place of each
// one that Skip gives a reason for.
type Filter struct {
	Source scanner.Source
	// Skip returns the reason to skip a path, or "" to keep it.
	Skip func(path string) string
}

// Blobs implements scanner.Source.
func (f Filter) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for blob, err := range f.Source.Blobs(ctx) {
			if err == nil {
				if reason := f.Skip(blob.Origin.Path); reason != "" {
					err = skip(blob, reason)
					blob = nil
				}
			}
			if !yield(blob, err) {
				return
			}
		}
	}
}

// skip releases a blob and returns the error that reports it as skipped.
func skip(blob *scanner.Blob, reason string) error {
	if blob.Release != nil {
		if err := blob.Release(); err != nil {
			return err
		}
	}
	return &scanner.Skipped{Path: blob.Origin.Path, Reason: reason}
}
