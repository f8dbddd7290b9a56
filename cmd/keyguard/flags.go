package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/patterns"
)

// limitFlag adds the flag --timeout.
func limitFlag(cmd *cobra.Command, d *time.Duration) {
	cmd.Flags().DurationVar(d, "timeout", 0, "stop after `DURATION` and exit with 2 (0: no timeout)")
}

func historyScanFlags(cmd *cobra.Command, f *scanrun.HistoryOptions) {
	flags := cmd.Flags()
	flags.BoolVar(&f.All, "history", false, "scan every object in the repository, including unreachable ones")
	flags.Var(&f.Revisions, "range", "scan the changes in the commits of `A..B`: reachable from B but not from A")
	flags.StringVar(&f.Since, "since", "", "with --history, scan only commits after `REV|DATE`")
	flags.StringSliceVar(&f.Branches, "branch", nil, "with --history, scan only objects reachable from `REF` (repeatable)")
	flags.BoolVar(&f.ReachableOnly, "reachable-only", false, "with --history, skip unreachable objects")
	flags.BoolVar(&f.NoProgress, "no-progress", false, "do not show progress")
}

// policyFileFlags adds the flags that name files.
func policyFileFlags(cmd *cobra.Command, f *project.Options) {
	flags := cmd.Flags()
	flags.StringVarP(&f.Config, "config", "c", "", "use `FILE` instead of "+config.Name)
	flags.StringVarP(&f.Baseline, "baseline", "b", "", "use `FILE` instead of "+allow.BaselineName)
}

// policyCommitFlag adds the flag that names a commit.
func policyCommitFlag(cmd *cobra.Command, f *project.Options) {
	cmd.Flags().StringVar(&f.From, "config-from", "", "read configuration, ignore file and baseline from `COMMIT`")
}

func policyScanFlags(cmd *cobra.Command, f *project.Options) {
	policyFileFlags(cmd, f)
	policyCommitFlag(cmd, f)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.Exclude, "exclude", nil, "exclude paths that match this gitignore `PATTERN` (repeatable)")
	flags.StringVar(&f.Profile, "profile", "", "use the rules of `PROFILE`: default or aws-only")
	flags.StringSliceVar(&f.Only, "only-rule", nil, "enable only the rule `ID`; * matches any characters (repeatable)")
	flags.StringSliceVar(&f.Disable, "disable-rule", nil, "disable the rule `ID` (repeatable)")
	flags.StringSliceVar(&f.Enable, "enable-rule", nil, "enable the rule `ID` even if the profile or the configuration disables it (repeatable)")
	propose(cmd, "profile", cobra.FixedCompletions([]cobra.Completion{"default", "aws-only"}, cobra.ShellCompDirectiveNoFileComp))
	flags.Var(&f.MaxFileSize, "max-file-size", "skip working-tree files larger than `SIZE`, such as 10MB (0: no limit)")
	flags.Var(severityFlag{&f.MinSeverity}, "min-severity", "do not report findings below `SEVERITY`: low, medium, high or critical (default low)")
	flags.Var(severityFlag{&f.FailOn}, "fail-on", "exit with 1 only if a finding has at least this `SEVERITY` (default low; in the hooks of a commit medium)")
	flags.BoolVar(&f.NoInline, "no-inline", false, "ignore keyguard:allow comments")
	propose(cmd, "min-severity", completeSeverity())
	propose(cmd, "fail-on", completeSeverity())
	flags.BoolVar(&f.Strict, "strict-allow", false, "exit with 2 if an allowance has expired or is unused")
}

func reportFormatFlags(cmd *cobra.Command, f *scanrun.ReportOptions) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.Formats, "format", "f", nil, "write the report as `FORMAT`: "+scanrun.FormatNames()+" (default text)")
	flags.StringArrayVarP(&f.Files, "output", "o", nil, "write a report to `FILE`, in the format of its extension; - is standard output (repeatable; with --format, in the same order)")
	flags.BoolVar(&f.Report.Reveal, "reveal", false, "print secrets unmasked")
	flags.StringVar(&f.Color, "color", "auto", "use color `WHEN`: auto, always or never")
	flags.BoolVar(&f.NoColor, "no-color", false, "same as --color=never")
	flags.BoolVarP(&f.Report.Quiet, "quiet", "q", false, "print nothing if there are no findings")
	propose(cmd, "format", completeFormats)
	propose(cmd, "color", cobra.FixedCompletions([]cobra.Completion{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
}

// severityFlag is a flag whose value is a severity. Without the flag it is nil.
type severityFlag struct{ to **patterns.Severity }

// Set implements pflag.Value.
func (s severityFlag) Set(text string) error {
	*s.to = new(patterns.Severity)
	return (*s.to).UnmarshalText([]byte(text))
}

// String implements pflag.Value.
func (s severityFlag) String() string {
	if s.to == nil || *s.to == nil {
		return ""
	}
	return (*s.to).String()
}

// Type implements pflag.Value.
func (severityFlag) Type() string { return "SEVERITY" }

// completeSeverity completes the value of a severityFlag.
func completeSeverity() cobra.CompletionFunc {
	return cobra.FixedCompletions([]cobra.Completion{"low", "medium", "high", "critical"}, cobra.ShellCompDirectiveNoFileComp)
}
