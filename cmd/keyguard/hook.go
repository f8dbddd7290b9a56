package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/report"
)

// hookCommand is what the shim calls.
func (a *app) hookCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "hook NAME [ARG…]",
		Short:  "Do a git hook's work; the installed hook calls this",
		Hidden: true,
		Args:   cobra.MinimumNArgs(1),
		RunE:   func(cmd *cobra.Command, args []string) error { return a.hook(cmd.Context(), args[0]) },
	}
}

func (a *app) hook(ctx context.Context, name string) error {
	if slices.Contains(strings.Split(a.env("SKIP"), ","), "keyguard") {
		fmt.Fprintln(a.err, "keyguard: skipped, as SKIP says")
		return nil
	}
	hook, err := hooks.ParseHook(name)
	if err != nil {
		return &hinted{err, "keyguard install writes the hooks that there are"}
	}
	if hook != hooks.PreCommit {
		return fmt.Errorf("the %s hook is not supported yet", hook)
	}
	// Git shows both streams; its own talk, and a person's attention, is on
	// standard error.
	onStderr := *a
	onStderr.out = a.err
	return onStderr.scan(ctx, scanFlags{staged: true, reportFlags: reportFlags{color: "auto", report: report.Options{Hook: true}}}, nil)
}
