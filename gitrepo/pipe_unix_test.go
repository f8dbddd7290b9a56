//go:build unix

package gitrepo

import (
	"context"
	"testing"
	"time"
)

// TestStagedWithPipeAsOrderFile: a configuration cannot keep the scan waiting.
func TestStagedWithPipeAsOrderFile(t *testing.T) {
	f := newFixture(t)
	f.Write("f", "text\n")
	f.Commit("first")
	f.Write("f", "{{akia}}\n")
	f.Git("add", "f")
	f.Git("config", "diff.orderFile", f.Pipe(".git/order"))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	n := 0
	for _, err := range (Staged{Repo: f.open()}).Blobs(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d files, want 1", n)
	}
}
