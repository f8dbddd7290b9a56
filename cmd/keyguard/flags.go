package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
)

// limitFlag adds the flag --timeout.
func limitFlag(cmd *cobra.Command, d *time.Duration) {
	cmd.Flags().DurationVar(d, "timeout", 0, "stop after this time, with exit code 2; 0: never")
}

func historyScanFlags(cmd *cobra.Command, f *scanrun.HistoryOptions) {
	flags := cmd.Flags()
	flags.BoolVar(&f.All, "history", false, "scan every object of the repository, those that no ref reaches too")
	flags.Var(&f.Revisions, "range", "scan what these commits add: A..B, all that B reaches and A does not")
	flags.StringVar(&f.Since, "since", "", "with --history: only commits after this revision or date")
	flags.StringSliceVar(&f.Branches, "branch", nil, "with --history: only what these refs reach")
	flags.BoolVar(&f.ReachableOnly, "reachable-only", false, "with --history: leave out what no ref reaches")
	flags.BoolVar(&f.NoProgress, "no-progress", false, "show no progress on the terminal")
}

// policyFileFlags adds the flags that name files.
func policyFileFlags(cmd *cobra.Command, f *project.Options) {
	flags := cmd.Flags()
	flags.StringVarP(&f.Config, "config", "c", "", "configuration in place of "+config.Name)
	flags.StringVarP(&f.Baseline, "baseline", "b", "", "baseline in place of "+allow.BaselineName)
}

// policyCommitFlag adds the flag that names a commit.
func policyCommitFlag(cmd *cobra.Command, f *project.Options) {
	cmd.Flags().StringVar(&f.From, "config-from", "", "read configuration, ignores and baseline from this commit, not from the work tree")
}

func policyScanFlags(cmd *cobra.Command, f *project.Options) {
	policyFileFlags(cmd, f)
	policyCommitFlag(cmd, f)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.Exclude, "exclude", nil, "paths not to scan, a pattern in gitignore syntax")
	flags.StringSliceVar(&f.Disable, "disable-rule", nil, "rules that do not apply, by id")
	flags.StringSliceVar(&f.Enable, "enable-rule", nil, "rules that apply though the configuration disables them")
	flags.Var(&f.MaxFileSize, "max-file-size", "skip files of the work tree larger than this, such as 10MB; 0: none")
	flags.BoolVar(&f.NoInline, "no-inline", false, "let no keyguard:allow in a file count")
	flags.BoolVar(&f.Strict, "strict-allow", false, "exit with 2 if an allowance has expired or allows nothing: an entry of the allowlist or baseline, or a mark in a file")
}

func reportFormatFlags(cmd *cobra.Command, f *scanrun.ReportOptions) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.Formats, "format", "f", nil, "report format: "+scanrun.FormatNames()+" (default text)")
	flags.StringArrayVarP(&f.Files, "output", "o", nil, "file to write the report to, in the format that its name says; - is standard output; with --format several times, one each in that order")
	flags.BoolVar(&f.Report.Reveal, "reveal", false, "print secrets unmasked")
	flags.StringVar(&f.Color, "color", "auto", "colour: auto, always or never")
	flags.BoolVar(&f.NoColor, "no-color", false, "the same as --color=never")
	flags.BoolVarP(&f.Report.Quiet, "quiet", "q", false, "print nothing if the scan is clean")
	propose(cmd, "format", completeFormats)
	propose(cmd, "color", cobra.FixedCompletions([]cobra.Completion{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
}
