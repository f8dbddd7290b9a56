package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/githooks"
)

// hookCommand is what the shim calls.
func hookCommand(a *cli.App) *cobra.Command {
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
			onStderr.Out = a.Err
			return githooks.Run(cmd.Context(), &onStderr, args[0], args[1:], timeout)
		},
	}
	limitFlag(cmd, &timeout)
	return cmd
}
