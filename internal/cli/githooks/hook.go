package githooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

// Run runs the hook of that name with the arguments of git.
func Run(ctx context.Context, a *cli.App, name string, args []string, timeout time.Duration) error {
	a.Clock.Limit(timeout)
	a.Clock.Enter("reading the hook's input")
	if name != string(hooks.PreReceive) && isSkipped(a) {
		fmt.Fprintln(a.Err, "keyguard: skipped because SKIP contains keyguard")
		return nil
	}
	err := dispatch(ctx, a, name, args, timeout)
	if ctx.Err() != nil && err != nil && !scanrun.IsUnfinished(err) {
		err = a.Clock.Ended(ctx, err)
	}
	if err == nil || errors.As(err, new(cli.Exit)) {
		return err
	}
	a.Fail(err)
	scanned := "nothing was scanned"
	if scanrun.IsUnfinished(err) {
		scanned = "not all of it was scanned"
	}
	if action := blocks(a, name); action != "" {
		scanned = action + " blocked, as " + scanned
	}
	fmt.Fprintf(a.Err, "keyguard: %s.\n", scanned)
	return cli.ExitError
}

// dispatch calls the function for the hook of that name.
func dispatch(ctx context.Context, a *cli.App, name string, args []string, timeout time.Duration) error {
	if name == framework {
		return preCommitFramework(ctx, a, args, timeout)
	}
	hook, err := hooks.ParseHook(name)
	switch hook {
	case hooks.PreCommit:
		return scanStaged(ctx, a, report.CommitHook, timeout)
	case hooks.PreMergeCommit:
		return scanStaged(ctx, a, report.MergeHook, timeout)
	case hooks.PrepareCommitMsg, hooks.CommitMsg:
		return scanMessage(ctx, a, hook, args, timeout)
	case hooks.PrePush:
		return prePush(ctx, a, args, timeout)
	case hooks.PreReceive:
		return preReceive(ctx, a, timeout)
	}
	return cli.WithHint(err, "keyguard install --help lists the hooks")
}

// scanStaged scans the staged changes.
func scanStaged(ctx context.Context, a *cli.App, h report.Hook, timeout time.Duration) error {
	f := forHook(h, timeout)
	f.Staged = true
	return scanrun.Scan(ctx, a, f)
}

// blocks returns the git operation that a failure of the hook stops, or "" if it is
// unknown.
func blocks(a *cli.App, name string) string {
	switch {
	case name == framework && a.Env("PRE_COMMIT_REMOTE_NAME") != "":
		return "push"
	case name == framework && a.Env("GIT_INDEX_FILE") != "":
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

// forHook returns the options of a scan for a hook. A finding of low severity, such as a
// key ID alone, does not block a commit: a push is checked again.
func forHook(h report.Hook, timeout time.Duration) scanrun.Options {
	var failOn patterns.Severity
	if h == report.CommitHook || h == report.MergeHook || h == report.MessageHook {
		failOn = patterns.Medium
	}
	return scanrun.Options{FailOn: failOn, Timeout: timeout, ReportOptions: scanrun.ReportOptions{Color: "auto", Report: report.Options{Hook: h}}}
}
