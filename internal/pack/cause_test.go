package pack

import (
	"context"
	"errors"
	"testing"
)

// TestWalkTellsCause: a walk that is interrupted tells by what.
func TestWalkTellsCause(t *testing.T) {
	s, err := Open(Options{Dir: craft(t, t.TempDir(), "one", crafted{name: "a", kind: Blob, body: []byte("a")})})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("interrupt")
	ctx, stop := context.WithCancelCause(t.Context())
	stop(cause)
	_, err = Walk(ctx, s, WalkOptions{Catalog: c}, func(int, *Entry, struct{}) struct{} { return struct{}{} })
	if !errors.Is(err, cause) {
		t.Errorf("error %v, want %v", err, cause)
	}
}
