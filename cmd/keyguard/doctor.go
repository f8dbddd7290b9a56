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
		Short: "Test that this repository is protected, with a fake key",
		Long: `Check the hook, the program that it calls, the configuration and the repository, and
print a fix for each problem. To test the hook, stage a fake key in a temporary index
and run the hook on it. The repository does not change, and no other hook runs. Hooks
of pushes and messages are checked, but not run.

Exit codes: 0 protected, 1 not protected, 2 unknown.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.Clock.Limit(timeout)
			return setup.Doctor(cmd.Context(), a, format)
		},
	}
	limitFlag(cmd, &timeout)
	cmd.Flags().StringVarP(&format, "format", "f", "text", "print the report as `FORMAT`: text or json")
	propose(cmd, "format", cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
