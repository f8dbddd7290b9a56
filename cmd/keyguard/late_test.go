package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/cli"
)

// TestLateRun: a run that waits for input which never comes, and cannot notice that it
// should end, ends all the same.
func TestLateRun(t *testing.T) {
	for _, tt := range []struct {
		name        string
		args        []string
		interrupted bool
		code        cli.Exit
		err         string
	}{
		{"time up before a push", []string{"hook", "--timeout", "1ns", "pre-push", "origin", "url"}, false, cli.ExitError,
			"keyguard: error: the time given by --timeout ran out while reading the hook's input\n"},
		{"time up on a server", []string{"hook", "--timeout", "1ns", "pre-receive"}, false, cli.ExitError,
			"keyguard: error: the time given by --timeout ran out while reading the hook's input\n"},
		{"interrupted before a push", []string{"hook", "pre-push", "origin", "url"}, true, cli.ExitInterrupted, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in, keepsOpen := io.Pipe()
			defer keepsOpen.Close()
			ctx, interrupt := context.WithCancel(context.Background())
			defer interrupt()
			if tt.interrupted {
				interrupt()
			}
			var errs bytes.Buffer
			a := &cli.App{In: in, Out: io.Discard, Err: &errs, Env: func(string) string { return "" }}
			if code := run(ctx, a, tt.args); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if got := errs.String(); !strings.HasPrefix(got, tt.err) || tt.err == "" && got != "" {
				t.Errorf("stderr %q, want %q", got, tt.err)
			}
		})
	}
}
