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
		Short: "Scan files, staged changes, history, a diff or standard input",
		Long: `Scan for credentials. Without arguments, scan the working tree below the current
directory: tracked files, and untracked files that are not ignored.

Exit codes: 0 no findings, 1 findings (of the severity of --fail-on or higher), 2 usage
error or unreadable input, 130 interrupted.`,
		Example: `  keyguard scan                       the working tree
  keyguard scan --staged              staged changes
  keyguard scan --history             every object in the repository
  keyguard scan --range main..HEAD    the commits of a branch
  keyguard scan config/ .env          these paths, even if ignored
  keyguard scan --ci                  in CI: the commits of this push or pull request
  terraform show | keyguard scan -    standard input
  git diff main | keyguard scan --patch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Paths = args
			return scanrun.Scan(cmd.Context(), a, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.Staged, "staged", false, "scan staged files; report findings on added or changed lines")
	flags.BoolVar(&f.Patch, "patch", false, "scan the changes in a unified diff on standard input")
	flags.BoolVar(&f.CI, "ci", false, "scan the commits that are new in this CI run, detected from its environment")
	flags.BoolVar(&f.Report.Why, "why", false, "also list dropped candidates, with the reasons")
	flags.BoolVar(&f.ExitZero, "exit-zero", false, "exit with 0 even if there are findings")
	flags.IntVarP(&f.Jobs, "jobs", "j", 0, "run `N` workers (0: one per CPU)")
	limitFlag(cmd, &f.Timeout)
	flags.BoolVarP(&f.Report.Verbose, "verbose", "v", false, "also list skipped inputs")
	reportFormatFlags(cmd, &f.ReportOptions)
	historyScanFlags(cmd, &f.History)
	policyScanFlags(cmd, &f.Policy)
	propose(cmd, "only-rule", completeRules(a))
	propose(cmd, "enable-rule", completeRules(a))
	propose(cmd, "disable-rule", completeRules(a))
	cmd.MarkFlagsMutuallyExclusive("staged", "patch", "history", "range", "ci")
	return cmd
}
