package source

import (
	"context"
	"iter"

	"github.com/keyguard/keyguard/scanner"
)

// Ahead is src, asked for its first blobs at once and not when they are scanned.
// It may be iterated once. A source that waits for its blobs to be scanned
// cannot be asked ahead.
func Ahead(ctx context.Context, src scanner.Source) scanner.Source {
	a := make(ahead, 256)
	go func() {
		defer close(a)
		for blob, err := range src.Blobs(ctx) {
			select {
			case a <- asked{blob, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return a
}

type ahead chan asked

type asked struct {
	blob *scanner.Blob
	err  error
}

// Blobs implements scanner.Source.
func (a ahead) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for next := range a {
			if !yield(next.blob, next.err) {
				return
			}
		}
	}
}
