package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/cli"
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
			if code := cmd.ProcessState.ExitCode(); code != int(cli.ExitInterrupted) {
				t.Errorf("exit code %d", code)
			}
			if !strings.Contains(out.String(), `"partial": "interrupted"`) {
				t.Errorf("the report does not say so: %s", out.String())
			}
		})
	}
}

// TestInterruptHistory: a scan of history that is interrupted ends at once, says
// that it is a part, and exits with 130.
func TestInterruptHistory(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes cannot be interrupted there")
	}
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Skipf("git init: %v, %s", err, out)
	}
	program, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	// A git that never answers which objects there are makes the scan wait.
	fake := filepath.Join(t.TempDir(), "git")
	script := "#!/bin/sh\ncase \"$*\" in *rev-list*) echo waiting >&3; exec sleep 600;; esac\nexec " + program + " \"$@\"\n"
	if err := os.WriteFile(fake, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("keyguard", "scan", "--history", "--branch", "main", "-f", "json")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(fake)+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.ExtraFiles = []*os.File{w}
	var out strings.Builder
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if _, err := bufio.NewReader(r).ReadString('\n'); err != nil {
		t.Fatalf("git was not asked: %v, %s", err, out.String())
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != int(cli.ExitInterrupted) {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(out.String(), `"partial": "interrupted"`) {
		t.Errorf("the report does not say so: %s", out.String())
	}
}
