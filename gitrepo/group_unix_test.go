//go:build unix

package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
)

// TestKilledWrapper: when the context ends, the wait for a blocked git ends, and for
// pipes that its children keep open. All of them are killed.
func TestKilledWrapper(t *testing.T) {
	for _, tt := range []struct{ name, script string }{
		{"slow", "echo waiting >&3; exec sleep 600"},
		{"child keeps both pipes", "sleep 600 & echo waiting >&3; exit 0"},
		{"child keeps standard output", "sleep 600 2>/dev/null & echo waiting >&3; exit 0"},
		{"waits for its child", "sleep 600 & echo waiting >&3; wait"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			pipe := filepath.Join(dir, "pipe")
			if err := syscall.Mkfifo(pipe, 0o666); err != nil {
				t.Skip("no pipes here: ", err)
			}
			gittest.WriteFile(t, filepath.Join(dir, "git"), "#!/bin/sh\nexec 3>'"+pipe+"'\n"+tt.script+"\n")
			if err := os.Chmod(filepath.Join(dir, "git"), 0o777); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := Open(ctx, dir)
				done <- err
			}()
			f, err := os.Open(pipe)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			held := bufio.NewReader(f)
			if _, err := held.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			cancel()
			if killed, err := (*KilledError)(nil), <-done; !errors.As(err, &killed) || killed.Command != "rev-parse" || !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			if _, err := io.Copy(io.Discard, held); err != nil { // ends when nobody is left to write
				t.Error(err)
			}
		})
	}
}

// TestChildKeepsErrors: an answer that is whole is taken, whatever a child of git's leaves
// open.
func TestChildKeepsErrors(t *testing.T) {
	dir := t.TempDir()
	gittest.WriteFile(t, filepath.Join(dir, "git"), "#!/bin/sh\nsleep 5 >/dev/null &\necho answer\n")
	if err := os.Chmod(filepath.Join(dir, "git"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := output(context.Background(), dir, "version")
	if string(out) != "answer\n" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
}
