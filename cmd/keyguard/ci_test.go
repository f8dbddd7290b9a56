package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// setID is the script command
//
//	id NAME REVISION
//
// which sets a variable to a commit's id, as CI systems do.
func setID(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: id NAME REVISION")
	}
	cmd := exec.Command("git", "rev-parse", "--verify", args[1])
	cmd.Dir = ts.MkAbs(".")
	out, err := cmd.Output()
	ts.Check(err)
	ts.Setenv(args[0], strings.TrimSpace(string(out)))
}

// event is the script command
//
//	event JSON
//
// which stores an event as GitHub's runner does. The JSON has no blanks.
func event(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: event JSON")
	}
	file := filepath.Join(ts.Getenv("WORK"), "event.json")
	ts.Check(os.WriteFile(file, []byte(args[0]), 0o600))
	ts.Setenv("GITHUB_EVENT_PATH", file)
}
