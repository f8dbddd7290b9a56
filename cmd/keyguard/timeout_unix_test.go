//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/keyguard/keyguard/internal/cli"
)

// TestTimeoutWithPipes: a pipe in place of a file that git or keyguard opens keeps no command
// waiting beyond --timeout.
func TestTimeoutWithPipes(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs the git program")
	}
	commands := []struct{ name, args, in string }{
		{"scan", "scan", ""},
		{"staged", "scan --staged", ""},
		{"history", "scan --history", ""},
		{"range", "scan --range HEAD~..HEAD", ""},
		{"pre-push", "hook pre-push origin url", "refs/heads/main {id} refs/heads/main {zero}\n"},
		{"pre-receive", "hook pre-receive", "{zero} {id} refs/heads/main\n"},
		{"doctor", "doctor", ""},
		{"baseline", "baseline write", ""},
	}
	ids := strings.NewReplacer("{id}", strings.Repeat("1", 40), "{zero}", strings.Repeat("0", 40))
	for _, pipe := range []string{"config", "HEAD", "commondir", "index"} {
		for _, command := range commands {
			if pipe == "index" && command.name != "scan" && command.name != "staged" && command.name != "baseline" {
				continue // it is not read
			}
			t.Run(pipe+" "+command.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
					t.Fatalf("git init: %v, %s", err, out)
				}
				inPlaceOf(t, filepath.Join(dir, ".git", pipe))
				code, errs := keyguardIn(dir, ids.Replace(command.in), append(strings.Fields(command.args), "--timeout", "500ms")...)
				if code != int(cli.ExitError) || !strings.Contains(errs, "ran out") {
					t.Errorf("exit code %d: %s", code, errs)
				}
			})
		}
	}
}

// TestTimeoutOfReport: it also ends the wait for who reads the report.
func TestTimeoutOfReport(t *testing.T) {
	dir := t.TempDir()
	inPlaceOf(t, filepath.Join(dir, "report"))
	code, errs := keyguardIn(dir, "", "scan", "-o", "report", "--timeout", "500ms", ".")
	if want := "the time given by --timeout ran out while opening the report"; code != int(cli.ExitError) || !strings.Contains(errs, want) {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

// inPlaceOf makes a named pipe, which keeps whoever opens it waiting.
func inPlaceOf(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o666); err != nil {
		t.Skip("no pipes here: ", err)
	}
}

// keyguardIn runs keyguard in a folder, and returns its exit code and standard error.
func keyguardIn(dir, in string, args ...string) (int, string) {
	cmd := exec.Command("keyguard", args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(in)
	var errs strings.Builder
	cmd.Stderr = &errs
	_ = cmd.Run()
	return cmd.ProcessState.ExitCode(), errs.String()
}
