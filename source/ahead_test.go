package source_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// counted yields n blobs, every third of which is an error.
type counted int

func (n counted) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for i := range int(n) {
			if i%3 == 2 {
				if !yield(nil, errors.New(fmt.Sprint(i))) {
					return
				}
			} else if !yield(&scanner.Blob{Origin: scanner.Origin{Path: fmt.Sprint(i)}}, nil) {
				return
			}
		}
	}
}

func TestAheadKeepsEverythingInOrder(t *testing.T) {
	i := 0
	for blob, err := range source.Ahead(t.Context(), counted(1000)).Blobs(t.Context()) {
		if got := fmt.Sprint(i); err != nil && err.Error() != got || err == nil && blob.Origin.Path != got {
			t.Fatalf("item %d is %v, %v", i, blob, err)
		}
		i++
	}
	if i != 1000 {
		t.Errorf("%d items", i)
	}
}

// ending is a source that tells when it has ended.
type ending struct {
	scanner.Source
	ended chan struct{}
}

func (e ending) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		defer close(e.ended)
		e.Source.Blobs(ctx)(yield)
	}
}

// TestAheadStops: what is left does not wait for a reader, for ever.
func TestAheadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	src := ending{counted(1_000_000), make(chan struct{})}
	for range source.Ahead(ctx, src).Blobs(ctx) {
		break
	}
	cancel()
	<-src.ended
}
