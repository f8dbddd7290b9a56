package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

func reportCommand(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Convert, merge and compare JSON reports",
		Long: `Convert, merge and compare reports of keyguard scan --format json or jsonl. Secrets
in them are masked again, except with --reveal.

Exit codes: 0 no findings, 1 findings (diff: new findings), 2 usage error, or an
input could not be read, by this command or by the scan.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var convert, merge, diff reportJob
	cmd.AddCommand(
		convert.command(a, "convert FILE|-", "Write a report in another format", "  keyguard report convert scan.json -o scan.sarif", cobra.ExactArgs(1), convertReports),
		merge.command(a, "merge FILE…", "Merge reports, with each finding once", "  keyguard report merge shard-*.json -o all.json -o all.sarif", cobra.MinimumNArgs(1), convertReports),
		diff.command(a, "diff BEFORE AFTER", "List new and removed findings", "  keyguard report diff main.json branch.json\n  keyguard report diff main.json branch.json -f sarif    the new findings as SARIF", cobra.ExactArgs(2), diffReports),
	)
	return cmd
}

// reportJob holds the options of a report command.
type reportJob struct {
	scanrun.ReportOptions
	exitZero bool
	failOn   *patterns.Severity
}

func (j *reportJob) command(a *cli.App, use, short, example string, args cobra.PositionalArgs, run func(context.Context, *cli.App, *reportJob, []string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
		return run(cmd.Context(), a, j, args)
	}}
	reportFormatFlags(cmd, &j.ReportOptions)
	cmd.Flags().Var(severityFlag{&j.failOn}, "fail-on", "exit with 1 only if a finding has at least this `SEVERITY` (default: as in the scan)")
	propose(cmd, "fail-on", completeSeverity())
	cmd.Flags().BoolVar(&j.exitZero, "exit-zero", false, "exit with 0 even if there are findings")
	return cmd
}

// convertReports writes one report of all inputs.
func convertReports(ctx context.Context, a *cli.App, j *reportJob, names []string) error {
	reports, err := readReports(a, j, names)
	if err != nil {
		return err
	}
	whole := reports[0]
	if len(reports) > 1 {
		whole = report.Merge(reports)
	}
	return writeReport(ctx, a, j, whole)
}

func writeReport(ctx context.Context, a *cli.App, j *reportJob, r *report.Report) error {
	if j.failOn != nil {
		r.SetFailOn(*j.failOn)
	}
	j.Report.Why = true // the input has drops only if its scan had --why
	out, err := scanrun.OpenReports(a, &j.ReportOptions, r.Repository)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := r.Write(out); err != nil {
		return err
	}
	if err := out.Commit(r.Summary); err != nil {
		return err
	}
	return reportOutcome(ctx, a, j, r.Summary)
}

// reportOutcome returns the exit code of the scan of a summary.
func reportOutcome(ctx context.Context, a *cli.App, j *reportJob, s report.Summary) error {
	if !s.Complete() {
		return cli.WithHint(errors.New("the report is of an incomplete scan"), "fix its errors, and scan again")
	}
	return scanrun.Verdict(ctx, a, s, j.exitZero)
}

// diffReports prints new and removed findings.
func diffReports(ctx context.Context, a *cli.App, j *reportJob, names []string) error {
	reports, err := readReports(a, j, names)
	if err != nil {
		return err
	}
	before, after := reports[0], reports[1]
	d := report.Compare(before, after)
	s := after.Summary
	s.Stale, s.StaleFails = nil, false
	s.Errors = append(s.Errors, before.Summary.Errors...)
	if s.Partial == "" {
		s.Partial = before.Summary.Partial
	}
	fresh := &report.Report{Version: after.Version, Repository: after.Repository, Findings: d.New, Summary: s}
	if j.failOn != nil {
		s.FailOn = *j.failOn
	}
	fresh.SetFailOn(s.FailOn)
	s = fresh.Summary
	if len(j.Formats)+len(j.Files) > 0 {
		return writeReport(ctx, a, j, fresh)
	}
	for _, f := range d.New {
		printChange(a, "new", &f)
	}
	for _, f := range d.Gone {
		printChange(a, "gone", &f)
	}
	if !j.Report.Quiet || len(d.New) > 0 {
		fmt.Fprintf(a.Out, "keyguard: %s\n", d)
	}
	return reportOutcome(ctx, a, j, s)
}

func printChange(a *cli.App, how string, f *report.Finding) {
	fmt.Fprintf(a.Out, "%-4s  %s  %s  %s  %s  %s\n", how, f.Place(), f.Severity, report.Printable(f.Title), report.Printable(f.AccessKeyID), f.Fingerprint)
}

// maxReport is the maximum size of a report in bytes.
const maxReport = 1 << 30

func readReports(a *cli.App, j *reportJob, names []string) ([]*report.Report, error) {
	var out []*report.Report
	for _, name := range names {
		r, err := readReport(a, name, j.Report.Reveal)
		switch {
		case errors.Is(err, report.ErrNoReport):
			return nil, cli.WithHint(fmt.Errorf("%s: %w", name, err), "write one with keyguard scan --format json")
		case err != nil:
			return nil, cli.WithHint(fmt.Errorf("read %s: %w", name, cli.Cause(err)), "check the name, or write the report again with keyguard scan --format json")
		}
		out = append(out, r)
	}
	return out, nil
}

func readReport(a *cli.App, name string, reveal bool) (*report.Report, error) {
	if name == "-" {
		return report.Read(io.LimitReader(a.In, maxReport), reveal)
	}
	data, err := project.Disk{}.Read(name, maxReport)
	if err != nil {
		return nil, err
	}
	return report.Read(bytes.NewReader(data), reveal)
}
