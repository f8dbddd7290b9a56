package scanrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
)

// Scan scans the target that the options select, writes the reports, and returns the exit
// code as an error.
func Scan(ctx context.Context, a *cli.App, f Options) error {
	if err := f.check(); err != nil {
		return err
	}
	a.Clock.Limit(f.Timeout)
	a.Clock.Enter("reading the configuration")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if f.CI {
		if err := planCI(ctx, a, &f); err != nil {
			return err
		}
	}
	opened := beginOpen(ctx, a, f)
	p, err := readPolicy(ctx, a, &f)
	if err != nil {
		return err
	}
	a.Clock.Limit(p.Config.Timeout)
	f.Report.Below = f.target().paths != fromCwd && (p.Root.Cwd != p.Root.Dir || a.Env("GIT_PREFIX") != "") // the directory of git's caller
	a.Clock.Enter("opening the report")
	out, err := OpenReports(a, &f.ReportOptions, f.repository(ctx, p.Root))
	if err != nil {
		return err
	}
	defer out.Discard()
	var to Sink = out
	if f.CI {
		to = newCISink(a, &f, out)
	}
	r := NewRun(a, p, to, f)
	r.written, r.open = out.itself(), opened
	sum, err := r.Do(ctx)
	switch {
	case errors.As(err, new(*sourceError)):
		return err
	case err == nil:
		p.SaveLast()
		err = out.Commit(sum)
	}
	if err != nil {
		return &unfinished{err}
	}
	return Verdict(ctx, a, sum, f.ExitZero)
}

// Verdict returns the exit code of a summary as an error.
func Verdict(ctx context.Context, a *cli.App, sum report.Summary, exitZero bool) error {
	switch {
	case sum.Partial != "":
		return &unfinished{a.Clock.Ended(ctx, nil)}
	case len(sum.Errors) > 0:
		return cli.ExitError
	case sum.StaleFails:
		what := "1 allowance has expired or is unused"
		if n := len(sum.Stale); n > 1 {
			what = fmt.Sprintf("%d allowances have expired or are unused", n)
		}
		return cli.WithHint(errors.New(what), "remove it, or set a later expires; for baseline entries, run keyguard baseline prune; for documentation about marks, add the file to inline.except")
	case sum.Failing() > 0 && !exitZero:
		return cli.ExitFindings
	}
	return nil
}

// unfinished is the error of a scan that began and did not end.
type unfinished struct{ error }

func (e *unfinished) Unwrap() error { return e.error }

// IsUnfinished reports whether err is of a scan that began and did not end.
func IsUnfinished(err error) bool { return errors.As(err, new(*unfinished)) }
