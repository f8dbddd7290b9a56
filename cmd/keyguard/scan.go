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
	staged, patch bool
	ci            bool
	plan          *ci.Plan // with ci
	history       historyFlags
	policy        policyFlags
	given         scanner.Source // what a hook was given; nil: what the arguments name
	exitZero      bool
	jobs          int
	timeout       time.Duration
	reportFlags
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
		RunE: func(cmd *cobra.Command, args []string) error { return a.scan(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.staged, "staged", false, "scan what is staged; report what touches added or changed lines")
	flags.BoolVar(&f.patch, "patch", false, "read a unified diff from standard input; report what it adds")
	flags.BoolVar(&f.ci, "ci", false, "scan what is new in this run of a CI system, as its variables tell")
	flags.BoolVar(&f.report.Why, "why", false, "also list each candidate that was dropped, with the reason")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 even if there are findings")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "how many workers scan; 0: one for each processor")
	flags.DurationVar(&f.timeout, "timeout", 0, "stop after this time, with exit code 2; 0: never")
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
func (a *app) scan(ctx context.Context, f scanFlags, args []string) error {
	if (f.staged || f.patch || f.ci || f.history.on()) && len(args) > 0 {
		return usage("scan", "paths go only with a scan of files, not with --staged, --history, --range, --ci or --patch: %s", args[0])
	}
	if err := f.history.check(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var asked *staged
	if f.staged {
		asked = askStaged(ctx)
	}
	if f.ci {
		if err := a.planCI(ctx, &f); err != nil {
			return err
		}
	}
	p, err := a.scanPolicy(ctx, &f, args)
	if err != nil {
		return err
	}
	ctx, cancel := p.limit(ctx)
	defer cancel()
	out, err := a.open(&f.reportFlags, f.repository(ctx, p.top, args))
	if err != nil {
		return err
	}
	defer out.discard()
	var to sink = out
	if f.ci {
		to = a.tellCI(&f, out)
	}
	r := a.newRun(p, to, &f, args)
	r.written, r.asked = out.itself(), asked
	sum, err := r.do(ctx, f, args)
	switch {
	case err != nil && ctx.Err() != nil:
		return ended(ctx)
	case errors.As(err, new(*sourceError)):
		return err
	case err == nil:
		p.saveLast()
		err = out.commit(sum)
	}
	if err != nil {
		return err
	}
	return a.verdict(ctx, sum, f.exitZero)
}

// verdict is the exit code as an error.
func (a *app) verdict(ctx context.Context, sum report.Summary, exitZero bool) error {
	switch {
	case sum.Partial != "":
		return ended(ctx)
	case len(sum.Errors) > 0:
		return exit(exitError)
	case sum.StaleFails:
		what := "1 allowance is"
		if n := len(sum.Stale); n > 1 {
			what = fmt.Sprintf("%d allowances are", n)
		}
		return &hinted{errors.New(what + " of no use any more"), "remove them, or extend them with a later expires; keyguard baseline prune does it for a baseline"}
	case sum.Findings > 0 && !exitZero:
		return exit(exitFindings)
	}
	return nil
}

// ended tells why a scan stopped before its end.
func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &hinted{errors.New(partial(ctx)), "give it more time, or less to scan"}
	}
	return exit(exitInterrupted)
}
