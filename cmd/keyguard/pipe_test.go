package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClosedPipe: `keyguard scan | head -n 0` must not look like a clean scan.
func TestClosedPipe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clean.txt")
	if err := os.WriteFile(file, []byte("nothing here\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json"} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		cmd := exec.Command("keyguard", "scan", "-f", format, file)
		cmd.Stdout = w
		var errs strings.Builder
		cmd.Stderr = &errs
		if err := cmd.Run(); err == nil || strings.Contains(errs.String(), "panic") {
			t.Errorf("%s: %v, %s", format, err, errs.String())
		}
		w.Close()
	}
}
