package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestInterrupt: a scan that waits for its input ends at once when it is
// interrupted, says so in its report, and exits with 130.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes cannot be interrupted there")
	}
	for _, c := range []struct{ name, target, in string }{
		{"standard input", "-", strings.Repeat("nothing here\n", 1<<17)},
		{"patch", "--patch", "+++ b/x\n@@ -0,0 +1,1000000 @@\n" + strings.Repeat("+nothing here\n", 1<<17)},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.Command("keyguard", "scan", "-f", "json", c.target)
			var out strings.Builder
			cmd.Stdout = &out
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// More than a pipe holds: keyguard reads, and so it also listens.
			if _, err := io.WriteString(in, c.in); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
				t.Errorf("exit code %d", code)
			}
			if !strings.Contains(out.String(), `"partial": "interrupted"`) {
				t.Errorf("the report does not say so: %s", out.String())
			}
		})
	}
}

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
