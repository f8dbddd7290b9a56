package main

import (
	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/triage"
)

func allowCommand(a *cli.App) *cobra.Command {
	var f triage.AllowOptions
	cmd := &cobra.Command{
		Use:   "allow [FINGERPRINT…]",
		Short: "Allow a finding, wherever it moves",
		Long: `Add an entry to ` + config.Name + ` at the top level of the repository. The entry
contains the fingerprint of the credential, which reports show with --why. The
credential stays allowed if it moves; another one in its place is reported.

--last allows the finding of the last scan in this repository, or with --all all of
them. After a scan, the first digits of a fingerprint are enough.`,
		Example: `  keyguard allow --last --reason 'fake key for the tests'
  keyguard allow 5099440eeabf14c7d1bf029d5c8127ba --reason 'rotated' --expires 2027-01-31`,
		RunE: func(_ *cobra.Command, args []string) error { return triage.Allow(a, f, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.Last, "last", false, "allow the finding of the last scan")
	flags.BoolVar(&f.All, "all", false, "with --last, allow all findings of that scan")
	flags.StringVar(&f.Reason, "reason", "", "record `TEXT` as the reason (required)")
	flags.StringVar(&f.Expires, "expires", "", "allow the finding up to and including `DATE`, such as 2027-01-31")
	flags.StringVarP(&f.Config, "config", "c", "", "write to `FILE` instead of "+config.Name)
	return cmd
}
