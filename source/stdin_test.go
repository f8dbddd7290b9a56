package source_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/keyguard/keyguard/source"
)

func TestStream(t *testing.T) {
	long := strings.Repeat("0123456789", 100_000)
	failure := errors.New("it fails")
	for _, c := range []struct {
		name string
		in   io.Reader
		want string
	}{
		{"nothing", strings.NewReader(""), `<stdin> "" <nil>`},
		{"a long text", strings.NewReader(long), `<stdin> "` + long + `" <nil>`},
		{"in small pieces", iotest.OneByteReader(strings.NewReader("abc")), `<stdin> "abc" <nil>`},
		{"an error in the middle", io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(failure)), `<stdin> "abc" it fails`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := contents(source.Stream{Name: source.StdinName, R: c.in})
			if !slices.Equal(got, []string{c.want}) {
				t.Errorf("got %.80q", got)
			}
		})
	}
}

// TestStreamEnds: a read that waits ends with the scan.
func TestStreamEnds(t *testing.T) {
	waiting, _ := io.Pipe()
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("enough")
	defer cancel(reason)
	for b := range (source.Stream{R: waiting}).Blobs(ctx) {
		r, err := b.Open()
		if err != nil {
			t.Fatal(err)
		}
		cancel(reason)
		if _, err := r.Read(make([]byte, 1)); !errors.Is(err, reason) {
			t.Errorf("got %v", err)
		}
	}
	for _, err := range (source.Patch{R: waiting}).Blobs(ctx) {
		if !errors.Is(err, reason) {
			t.Errorf("patch: got %v", err)
		}
	}
}

// TestNoInput: a closed input is not an empty one.
func TestNoInput(t *testing.T) {
	closed, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	empty, err := os.Create(filepath.Join(t.TempDir(), "empty"))
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	for _, c := range []struct {
		name string
		in   *os.File
		want error
	}{{"closed", closed, source.ErrNoInput}, {"the null device", null, source.ErrNoInput}, {"an empty file", empty, nil}} {
		t.Run(c.name, func(t *testing.T) {
			for b, err := range (source.Stream{R: c.in}).Blobs(t.Context()) {
				if _, err = b.Open(); !errors.Is(err, c.want) {
					t.Errorf("stream: got %v", err)
				}
			}
			for _, err := range (source.Patch{R: c.in}).Blobs(t.Context()) {
				if !errors.Is(err, c.want) || c.want == nil {
					t.Errorf("patch: got %v", err)
				}
			}
		})
	}
}
