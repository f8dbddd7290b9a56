//go:build unix

package gitrepo

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pipe makes a named pipe, which keeps a reader waiting.
func (f *fixture) pipe(name string) string {
	f.t.Helper()
	path := filepath.Join(f.dir, name)
	if err := syscall.Mkfifo(path, 0o666); err != nil {
		f.t.Skip("no pipes here: ", err)
	}
	return path
}

// TestHistoryWithPipeAsRef: the pipe is said, and what was found as well.
func TestHistoryWithPipeAsRef(t *testing.T) {
	f := newFixture(t)
	f.write("f", "{{akia#key}}\n")
	f.commit("leak")
	r := f.open() // git itself waits for some of them
	f.pipe(".git/refs/heads/pipe")
	got := scanHistory(context.Background(), t, r)
	got.of(f, "key")
	if len(got.errors) != 1 || !strings.Contains(got.errors[0].Error(), "not a regular file") {
		t.Errorf("errors: %v", got.errors)
	}
}

// TestStagedWithPipeAsOrderFile: a configuration cannot keep the scan waiting.
func TestStagedWithPipeAsOrderFile(t *testing.T) {
	f := newFixture(t)
	f.write("f", "text\n")
	f.commit("first")
	f.write("f", "{{akia}}\n")
	f.git("add", "f")
	f.git("config", "diff.orderFile", f.pipe(".git/order"))
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
