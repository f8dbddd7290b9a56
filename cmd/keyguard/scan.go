package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/ci"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// scanFlags are what `keyguard scan` can be told.
type scanFlags struct {
	paths         []string // the arguments
	staged, patch bool
	ci            bool
	history       historyFlags
	policy        policyFlags
	exitZero      bool
	jobs          int
	timeout       time.Duration
	reportFlags

	// What no flag says.
	dir     string         // that paths start from; empty: the current folder
	message scanner.Source // of a commit, as its hook gets it
	plan    *ci.Plan       // with ci
}

func (a *app) scanCommand() *cobra.Command {
	var f scanFlags
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
			f.paths = args
			return a.scan(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.staged, "staged", false, "scan what is staged; report what touches added or changed lines")
	flags.BoolVar(&f.patch, "patch", false, "read a unified diff from standard input; report what it adds")
	flags.BoolVar(&f.ci, "ci", false, "scan what is new in this run of a CI system, as its variables tell")
	flags.BoolVar(&f.report.Why, "why", false, "also list each candidate that was dropped, with the reason")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 even if there are findings")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "how many workers scan; 0: one for each processor")
	limitFlag(cmd, &f.timeout)
	flags.BoolVarP(&f.report.Verbose, "verbose", "v", false, "also list what was skipped")
	f.reportFlags.register(cmd)
	f.history.register(cmd)
	f.policy.register(cmd)
	propose(cmd, "enable-rule", a.completeRules)
	propose(cmd, "disable-rule", a.completeRules)
	cmd.MarkFlagsMutuallyExclusive("staged", "patch", "history", "range", "ci")
	return cmd
}

// scan runs the main job.
func (a *app) scan(ctx context.Context, f scanFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	a.clock.limit(f.timeout)
	a.clock.enter("reading the configuration")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if f.ci {
		if err := a.planCI(ctx, &f); err != nil {
			return err
		}
	}
	opened := a.begin(ctx, f)
	p, err := a.scanPolicy(ctx, &f)
	if err != nil {
		return err
	}
	a.clock.limit(p.config.Timeout)
	f.report.Below = f.target() != targetFiles && (p.top.here != p.top.dir || a.env("GIT_PREFIX") != "") // the folder of git's caller
	a.clock.enter("opening the report")
	out, err := a.open(&f.reportFlags, f.repository(ctx, p.top))
	if err != nil {
		return err
	}
	defer out.discard()
	var to sink = out
	if f.ci {
		to = a.tellCI(&f, out)
	}
	r := a.newRun(p, to, f)
	r.written, r.open = out.itself(), opened
	sum, err := r.do(ctx)
	switch {
	case errors.As(err, new(*sourceError)):
		return err
	case err == nil:
		p.saveLast()
		err = out.commit(sum)
	}
	if err != nil {
		return &unfinished{err}
	}
	return a.verdict(ctx, sum, f.exitZero)
}

// check refuses flags that do not go together.
func (f *scanFlags) check() error {
	if t := f.target(); len(f.paths) > 0 && (f.ci || t != targetFiles && t != targetStdin) {
		return usage("scan", "paths go only with a scan of files, not with --staged, --history, --range, --ci or --patch: %s", f.paths[0])
	}
	return f.history.check()
}

// verdict is the exit code as an error.
func (a *app) verdict(ctx context.Context, sum report.Summary, exitZero bool) error {
	switch {
	case sum.Partial != "":
		return &unfinished{a.clock.ended(ctx, nil)}
	case len(sum.Errors) > 0:
		return exit(exitError)
	case sum.StaleFails:
		what := "1 allowance is"
		if n := len(sum.Stale); n > 1 {
			what = fmt.Sprintf("%d allowances are", n)
		}
		return &hinted{errors.New(what + " of no use any more"), "remove them, or extend them with a later expires; keyguard baseline prune does it for a baseline. Where marks are only text, name the file in except of [inline]"}
	case sum.Findings > 0 && !exitZero:
		return exit(exitFindings)
	}
	return nil
}

// unfinished is the error of a scan that had begun.
type unfinished struct{ error }

func (e *unfinished) Unwrap() error { return e.error }
