package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/report"
)

// hookCommand is what the shim calls.
func (a *app) hookCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:    "hook NAME [ARG…]",
		Short:  "Do a git hook's work; the installed hook calls this",
		Hidden: true,
		Args:   cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// Git shows both streams; its own talk, and a person's attention, is on
			// standard error.
			onStderr := *a
			onStderr.out = a.err
			return onStderr.hook(cmd.Context(), args[0], args[1:], timeout)
		},
	}
	limitFlag(cmd, &timeout)
	return cmd
}

func (a *app) hook(ctx context.Context, name string, args []string, timeout time.Duration) error {
	a.clock.limit(timeout)
	a.clock.enter("reading the hook's input")
	if name != string(hooks.PreReceive) && a.skipped() {
		fmt.Fprintln(a.err, "keyguard: skipped, as SKIP says")
		return nil
	}
	err := a.runHook(ctx, name, args, timeout)
	if ctx.Err() != nil && err != nil && !errors.As(err, new(*unfinished)) {
		err = a.clock.ended(ctx, err)
	}
	if err == nil || errors.As(err, new(exit)) {
		return err
	}
	a.fail(err)
	scanned := "nothing was scanned"
	if errors.As(err, new(*unfinished)) {
		scanned = "not all of it was scanned"
	}
	if action := a.blocks(name); action != "" {
		scanned = action + " blocked, as " + scanned
	}
	fmt.Fprintf(a.err, "keyguard: %s.\n", scanned)
	return exit(exitError)
}

// runHook does the work of the hook of that name.
func (a *app) runHook(ctx context.Context, name string, args []string, timeout time.Duration) error {
	if name == framework {
		return a.preCommitFramework(ctx, args, timeout)
	}
	hook, err := hooks.ParseHook(name)
	switch hook {
	case hooks.PreCommit:
		return a.staged(ctx, report.CommitHook, timeout)
	case hooks.PreMergeCommit:
		return a.staged(ctx, report.MergeHook, timeout)
	case hooks.PrepareCommitMsg, hooks.CommitMsg:
		return a.commitMessage(ctx, hook, args, timeout)
	case hooks.PrePush:
		return a.prePush(ctx, args, timeout)
	case hooks.PreReceive:
		return a.preReceive(ctx, timeout)
	}
	return &hinted{err, "keyguard install writes the hooks that there are"}
}

// staged scans what is about to be committed.
func (a *app) staged(ctx context.Context, h report.Hook, timeout time.Duration) error {
	f := forHook(h, timeout)
	f.staged = true
	return a.scan(ctx, f)
}

// blocks returns what git does not do if the hook of that name fails; empty if that is
// not known.
func (a *app) blocks(name string) string {
	switch {
	case name == framework && a.env("PRE_COMMIT_REMOTE_NAME") != "":
		return "push"
	case name == framework && a.env("GIT_INDEX_FILE") != "":
		return "commit"
	}
	switch hook, err := hooks.ParseHook(name); {
	case err != nil:
		return ""
	case hook == hooks.PrePush, hook == hooks.PreReceive:
		return "push"
	case hook == hooks.PreMergeCommit:
		return "merge"
	}
	return "commit"
}

// skipped reports whether the developer wants to pass the hook by, in the way of
// the pre-commit framework. On a server that is not up to who pushes.
func (a *app) skipped() bool {
	names := strings.FieldsFunc(a.env("SKIP"), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.Contains(names, "keyguard")
}

// forHook returns the flags of a scan for a hook.
func forHook(h report.Hook, timeout time.Duration) scanFlags {
	return scanFlags{timeout: timeout, reportFlags: reportFlags{color: "auto", report: report.Options{Hook: h}}}
}
