package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/triage"
)

func baselineCommand(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Keep a list of the findings that were there before",
		Long: `A baseline lists known findings, so that a scan reports new ones only. It is the
file ` + allow.BaselineName + ` at the top of the repository: a line for each credential,
by its fingerprint, with a label, the rule and a path. It holds no secret and
may be committed. A label is ? until somebody has looked, then leak or false.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		baselineSubcommand(a, "write", "Write a baseline of all findings, keeping the labels of those known", true, (*triage.BaselineCommand).Write),
		baselineSubcommand(a, "update", "Add the findings that are new", true, (*triage.BaselineCommand).Update),
		baselineSubcommand(a, "prune", "Remove the findings that no longer occur", false, (*triage.BaselineCommand).Prune),
		baselineSubcommand(a, "audit", "Look at each finding and label it", false, (*triage.BaselineCommand).Audit),
	)
	return cmd
}

// baselineSubcommand returns a command. If chooses is false, it scans the same input as
// the existing baseline.
func baselineSubcommand(a *cli.App, use, short string, chooses bool, run func(*triage.BaselineCommand, context.Context) error) *cobra.Command {
	b := &triage.BaselineCommand{App: a}
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		a.Clock.Limit(b.Flags.Timeout)
		a.Clock.Enter("reading the configuration")
		if err := b.Open(cmd.Context()); err != nil {
			return err
		}
		a.Clock.Limit(cmp.Or(b.Flags.Timeout, b.Policy.Config.Timeout))
		return run(b, cmd.Context())
	}}
	limitFlag(cmd, &b.Flags.Timeout)
	policyFileFlags(cmd, &b.Flags.Policy)
	if chooses {
		cmd.Flags().BoolVar(&b.Flags.History.All, "history", false, "of all of history, not of the work tree alone; a baseline remembers which")
	}
	return cmd
}
