package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/githooks"
)

// hookCommand returns the command that installed hooks call.
func hookCommand(a *cli.App) *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:    "hook NAME [ARG…]",
		Short:  "Run a git hook; installed hooks call this command",
		Hidden: true,
		Args:   cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// Git prints both streams. Its own output is on standard error.
			onStderr := *a
			onStderr.Out = a.Err
			return githooks.Run(cmd.Context(), &onStderr, args[0], args[1:], timeout)
		},
	}
	limitFlag(cmd, &timeout)
	return cmd
}
