package main

import (
	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
)

func scanCommand(a *cli.App) *cobra.Command {
	var f scanrun.Options
	cmd := &cobra.Command{
		Use:   "scan [PATH…|-]",
		Short: "Scan the work tree, files, what is staged, history, a diff, or standard input",
		Long: `Scan looks for AWS credentials. Without a target it scans the work tree below
the current folder: what git tracks and what it would offer to track.

Exit codes: 0 clean, 1 findings, 2 wrong usage or anything that was not read,
130 interrupted.`,
		Example: `  keyguard scan                       the work tree
  keyguard scan --staged              what the next commit would add
  keyguard scan --history             all that the repository ever held
  keyguard scan --range main..HEAD    what a branch adds
  keyguard scan config/ .env          these, ignored or not
  keyguard scan --ci                  what a push or a pull request adds, in CI
  terraform show | keyguard scan -    standard input
  git diff main | keyguard scan --patch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Paths = args
			return scanrun.Scan(cmd.Context(), a, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.Staged, "staged", false, "scan what is staged; report what touches added or changed lines")
	flags.BoolVar(&f.Patch, "patch", false, "read a unified diff from standard input; report what it adds")
	flags.BoolVar(&f.CI, "ci", false, "scan what is new in this run of a CI system, as its variables tell")
	flags.BoolVar(&f.Report.Why, "why", false, "also list each candidate that was dropped, with the reason")
	flags.BoolVar(&f.ExitZero, "exit-zero", false, "exit with 0 even if there are findings")
	flags.IntVarP(&f.Jobs, "jobs", "j", 0, "how many workers scan; 0: one for each processor")
	limitFlag(cmd, &f.Timeout)
	flags.BoolVarP(&f.Report.Verbose, "verbose", "v", false, "also list what was skipped")
	reportFormatFlags(cmd, &f.ReportOptions)
	historyScanFlags(cmd, &f.History)
	policyScanFlags(cmd, &f.Policy)
	propose(cmd, "enable-rule", completeRules(a))
	propose(cmd, "disable-rule", completeRules(a))
	cmd.MarkFlagsMutuallyExclusive("staged", "patch", "history", "range", "ci")
	return cmd
}
