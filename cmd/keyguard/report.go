package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/report"
)

func (a *app) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Convert, merge and compare reports that were written as JSON",
		Long: `Report works on what keyguard scan wrote with --format json or jsonl. Secrets in it
are masked again, unless --reveal says otherwise.

Exit codes are those of the scans: 0 clean, 1 findings (of diff: new ones), 2
wrong usage, or something was not read, now or then.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var convert, merge, diff reportJob
	cmd.AddCommand(
		convert.command(a, "convert FILE|-", "Write a report in another format", "  keyguard report convert scan.json -o scan.sarif", cobra.ExactArgs(1), a.convertReports),
		merge.command(a, "merge FILE…", "Make one report of several, each finding once", "  keyguard report merge shard-*.json -o all.json -o all.sarif", cobra.MinimumNArgs(1), a.convertReports),
		diff.command(a, "diff BEFORE AFTER", "Tell which findings are new, and which are gone", "  keyguard report diff main.json branch.json\n  keyguard report diff main.json branch.json -f sarif    the new ones as SARIF", cobra.ExactArgs(2), a.diffReports),
	)
	return cmd
}

// reportJob is what the verbs of report can be told.
type reportJob struct {
	reportFlags
	exitZero bool
}

func (j *reportJob) command(a *app, use, short, example string, args cobra.PositionalArgs, run func(context.Context, *reportJob, []string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
		return run(cmd.Context(), j, args)
	}}
	j.reportFlags.register(cmd)
	cmd.Flags().BoolVar(&j.exitZero, "exit-zero", false, "exit with 0 even if there are findings")
	return cmd
}

// convertReports writes one report of all that are given.
func (a *app) convertReports(ctx context.Context, j *reportJob, names []string) error {
	reports, err := a.readReports(j, names)
	if err != nil {
		return err
	}
	whole := reports[0]
	if len(reports) > 1 {
		whole = report.Merge(reports)
	}
	return a.writeReport(ctx, j, whole)
}

func (a *app) writeReport(ctx context.Context, j *reportJob, r *report.Report) error {
	j.report.Why = true // what was dropped is there because it was asked for
	out, err := a.open(&j.reportFlags, r.Repository)
	if err != nil {
		return err
	}
	defer out.discard()
	if err := r.Write(out); err != nil {
		return err
	}
	if err := out.commit(r.Summary); err != nil {
		return err
	}
	return a.outcome(ctx, j, r.Summary)
}

// outcome is the exit code of the scan that a summary tells of.
func (a *app) outcome(ctx context.Context, j *reportJob, s report.Summary) error {
	if !s.Complete() {
		return &hinted{errors.New("the report is of a scan that did not read all"), "mend what it could not read, and scan again"}
	}
	return a.verdict(ctx, s, j.exitZero)
}

// diffReports tells what is new and what is gone.
func (a *app) diffReports(ctx context.Context, j *reportJob, names []string) error {
	reports, err := a.readReports(j, names)
	if err != nil {
		return err
	}
	before, after := reports[0], reports[1]
	d := report.Compare(before, after)
	s := after.Summary
	s.Findings, s.Stale, s.StaleFails = len(d.New), nil, false
	s.Errors = append(s.Errors, before.Summary.Errors...)
	if s.Partial == "" {
		s.Partial = before.Summary.Partial
	}
	fresh := &report.Report{Version: after.Version, Repository: after.Repository, Findings: d.New, Summary: s}
	if len(j.formats)+len(j.files) > 0 {
		return a.writeReport(ctx, j, fresh)
	}
	for _, f := range d.New {
		a.changed("new", &f)
	}
	for _, f := range d.Gone {
		a.changed("gone", &f)
	}
	if !j.report.Quiet || len(d.New) > 0 {
		fmt.Fprintf(a.out, "keyguard: %s\n", d)
	}
	return a.outcome(ctx, j, s)
}

func (a *app) changed(how string, f *report.Finding) {
	fmt.Fprintf(a.out, "%-4s  %s  %s  %s  %s  %s\n", how, f.Place(), f.Severity, report.Printable(f.Title), report.Printable(f.AccessKeyID), f.Fingerprint)
}

// maxReport bounds what is read of a report, in bytes.
const maxReport = 1 << 30

func (a *app) readReports(j *reportJob, names []string) ([]*report.Report, error) {
	var out []*report.Report
	for _, name := range names {
		r, err := a.readReport(name, j.report.Reveal)
		switch {
		case errors.Is(err, report.ErrNoReport):
			return nil, &hinted{fmt.Errorf("%s: %w", name, err), "write one with keyguard scan --format json"}
		case err != nil:
			return nil, &hinted{fmt.Errorf("read %s: %w", name, cause(err)), "check the name, or write the report anew with keyguard scan --format json"}
		}
		out = append(out, r)
	}
	return out, nil
}

func (a *app) readReport(name string, reveal bool) (*report.Report, error) {
	if name == "-" {
		return report.Read(io.LimitReader(a.in, maxReport), reveal)
	}
	data, err := disk{}.Read(name, maxReport)
	if err != nil {
		return nil, err
	}
	return report.Read(bytes.NewReader(data), reveal)
}

// cause leaves out the name that an error of a file begins with.
func cause(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}
