//go:build unix

package history

import (
	"context"
	"strings"
	"testing"
)

// TestHistoryWithPipeAsRef: the pipe is said, and what was found as well.
func TestHistoryWithPipeAsRef(t *testing.T) {
	f := newFixture(t)
	f.Write("f", "{{akia#key}}\n")
	f.Commit("leak")
	r := f.open() // git itself waits for some of them
	f.Pipe(".git/refs/heads/pipe")
	got := scanHistory(context.Background(), t, r)
	got.of(f, "key")
	if len(got.errors) != 1 || !strings.Contains(got.errors[0].Error(), "not a regular file") {
		t.Errorf("errors: %v", got.errors)
	}
}
