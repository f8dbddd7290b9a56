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
		Short: "Record known findings, so that only new ones are reported",
		Long: `Record known findings, so that a scan reports only new ones. The baseline is the
file ` + allow.BaselineName + ` at the top level of the repository. It has a line for each
credential: its fingerprint, a label, the rule and a path. It contains no secret
and can be committed. The label is ? before the audit, and then leak or false.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		baselineSubcommand(a, "write", "Record all findings, and keep existing labels", true, (*triage.BaselineCommand).Write),
		baselineSubcommand(a, "update", "Add new findings", true, (*triage.BaselineCommand).Update),
		baselineSubcommand(a, "prune", "Remove the findings that no longer occur", false, (*triage.BaselineCommand).Prune),
		baselineSubcommand(a, "audit", "Label each finding as a leak or a false positive", false, (*triage.BaselineCommand).Audit),
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
		cmd.Flags().BoolVar(&b.Flags.History.All, "history", false, "scan history and the working tree; later baseline commands do the same")
	}
	return cmd
}
