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
		Short: "Write an entry that allows a finding, by what it is and not by where",
		Long: `Allow adds an entry to ` + config.Name + ` at the top of the repository. The entry names
the credential by its fingerprint, which reports show with --why: wherever the
credential moves it stays allowed, and another one in its place is reported.

With --last it is the finding of the last scan in this repository, or all of
them with --all; a fingerprint may then be given by its first digits.`,
		Example: `  keyguard allow --last --reason 'made up for the tests'
  keyguard allow 5099440eeabf14c7d1bf029d5c8127ba --reason 'rotated' --expires 2027-01-31`,
		RunE: func(_ *cobra.Command, args []string) error { return triage.Allow(a, f, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.Last, "last", false, "allow what the last scan found")
	flags.BoolVar(&f.All, "all", false, "with --last: allow all of it, if it is more than one finding")
	flags.StringVar(&f.Reason, "reason", "", "why it is fine; required")
	flags.StringVar(&f.Expires, "expires", "", "the last day on which the entry counts: 2027-01-31")
	flags.StringVarP(&f.Config, "config", "c", "", "configuration to write to, in place of "+config.Name)
	return cmd
}
