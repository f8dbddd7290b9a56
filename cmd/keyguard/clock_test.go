package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
)

// TestLateRun: a run that waits for input which never comes, and cannot notice that it
// should end, ends all the same.
func TestLateRun(t *testing.T) {
	for _, tt := range []struct {
		name        string
		args        []string
		interrupted bool
		code        int
		err         string
	}{
		{"time up before a push", []string{"hook", "--timeout", "1ns", "pre-push", "origin", "url"}, false, exitError,
			"keyguard: error: the time given by --timeout ran out while reading the hook's input\n"},
		{"time up on a server", []string{"hook", "--timeout", "1ns", "pre-receive"}, false, exitError,
			"keyguard: error: the time given by --timeout ran out while reading the hook's input\n"},
		{"interrupted before a push", []string{"hook", "pre-push", "origin", "url"}, true, exitInterrupted, ""},
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
			a := &app{in: in, out: io.Discard, err: &errs, env: func(string) string { return "" }}
			if code := a.run(ctx, tt.args); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if got := errs.String(); !strings.HasPrefix(got, tt.err) || tt.err == "" && got != "" {
				t.Errorf("stderr %q, want %q", got, tt.err)
			}
		})
	}
}

// TestEnded: the error of a run whose time is up names the step and the git process.
func TestEnded(t *testing.T) {
	c, ctx := newClock(context.Background())
	c.enter("opening the repository")
	c.limit(1)
	<-ctx.Done()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{nil, "the time given by --timeout ran out while opening the repository"},
		{&gitrepo.KilledError{Verb: "rev-parse", Cause: context.Cause(ctx)}, "the time given by --timeout ran out while opening the repository: git rev-parse was still running"},
	} {
		if got := c.ended(ctx, tt.err).Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// TestLimitThatCounts: the last limit holds, and none leaves the one before.
func TestLimitThatCounts(t *testing.T) {
	c, ctx := newClock(context.Background())
	defer c.stop()
	c.limit(1 << 40)
	c.limit(0)
	if c.timer == nil {
		t.Error("no limit removed the one before")
	}
	c.limit(1)
	<-ctx.Done()
	if !isTimeUp(ctx) {
		t.Errorf("ended by %v", context.Cause(ctx))
	}
}
