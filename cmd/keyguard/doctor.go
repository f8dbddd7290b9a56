package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/setup"
)

func doctorCommand(a *cli.App) *cobra.Command {
	var format string
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check that this repository is protected, with a made-up key",
		Long: `Doctor looks at the hook, the program it calls, the configuration and the
repository, and tells for each line that is not well what to do. To prove the hook it
stages a made-up key in a temporary index and runs the hook on that: nothing is left
in the repository, and no other hook is run. Those before a push and of messages are
looked at, not tried.

Exit codes: 0 the repository is protected, 1 it is not, 2 it could not be told.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.Clock.Limit(timeout)
			return setup.Doctor(cmd.Context(), a, format)
		},
	}
	limitFlag(cmd, &timeout)
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text, or json")
	propose(cmd, "format", cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
