package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// TestRedactWhileItRuns: a prompt without a line break comes through while the
// command waits for its answer, an interrupt ends nothing, and what is printed after
// it comes through, too.
func TestRedactWhileItRuns(t *testing.T) {
	cmd := exec.Command("keyguard", "redact")
	cmd.Dir = t.TempDir()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const prompt = "Do you want to go on? "
	if _, err := io.WriteString(in, prompt); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	got := make([]byte, len(prompt))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != prompt {
		t.Fatalf("%q, %v", got, err)
	}
	if runtime.GOOS != "windows" {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(in, "Stopping...\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := r.ReadString('\n'); err != nil || line != "Stopping...\n" {
		t.Errorf("%q, %v", line, err)
	}
	in.Close()
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestRedactClosedPipe: `… | keyguard redact | head -n 1` ends without a word.
func TestRedactClosedPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd := exec.Command("keyguard", "redact")
	cmd.Dir = t.TempDir()
	cmd.Stdin = strings.NewReader("a line\n")
	cmd.Stdout = w
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Run(); err == nil || errs.Len() > 0 {
		t.Errorf("%v, %s", err, errs.String())
	}
}
