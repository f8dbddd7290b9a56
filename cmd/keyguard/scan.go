package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// scanFlags are what `keyguard scan` can be told.
type scanFlags struct {
	staged, patch  bool
	asked          *staged // with staged
	history        historyFlags
	policy         policyFlags
	format, output string
	color          string
	noColor        bool
	exitZero       bool
	jobs           int
	timeout        time.Duration
	report         report.Options
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
  terraform show | keyguard scan -    standard input
  git diff main | keyguard scan --patch`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.scan(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.staged, "staged", false, "scan what is staged; report what touches added or changed lines")
	flags.BoolVar(&f.patch, "patch", false, "read a unified diff from standard input; report what it adds")
	flags.StringVarP(&f.format, "format", "f", "text", "report format: "+formatNames())
	flags.StringVarP(&f.output, "output", "o", "-", "file to write the report to; - is standard output")
	flags.BoolVar(&f.report.Reveal, "reveal", false, "print secrets unmasked")
	flags.BoolVar(&f.report.Why, "why", false, "also list each candidate that was dropped, with the reason")
	flags.StringVar(&f.color, "color", "auto", "colour: auto, always or never")
	flags.BoolVar(&f.noColor, "no-color", false, "the same as --color=never")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 even if there are findings")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "how many workers scan; 0: one for each processor")
	flags.DurationVar(&f.timeout, "timeout", 0, "stop after this time, with exit code 2; 0: never")
	flags.BoolVarP(&f.report.Quiet, "quiet", "q", false, "print nothing if the scan is clean")
	flags.BoolVarP(&f.report.Verbose, "verbose", "v", false, "also list what was skipped")
	f.history.register(cmd)
	f.policy.register(cmd)
	cmd.MarkFlagsMutuallyExclusive("staged", "patch", "history", "range")
	return cmd
}

func formatNames() (names string) {
	for i, f := range report.Formats() {
		if i > 0 {
			names += ", "
		}
		names += f.Name
	}
	return names
}

// scan runs the main job.
func (a *app) scan(ctx context.Context, f scanFlags, args []string) error {
	if (f.staged || f.patch || f.history.on()) && len(args) > 0 {
		return usage("scan", "paths go only with a scan of files, not with --staged, --history, --range or --patch: %s", args[0])
	}
	if err := f.history.check(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if f.staged {
		f.asked = askStaged(ctx)
	}
	p, err := a.scanPolicy(ctx, &f, args)
	if err != nil {
		return err
	}
	ctx, cancel := p.limit(ctx)
	defer cancel()
	out, err := a.reportWriter(f)
	if err != nil {
		return err
	}
	defer out.discard()
	sum, err := a.newRun(p, out, &f, args).do(ctx, f, args)
	switch {
	case err != nil && ctx.Err() != nil:
		return ended(ctx)
	case errors.As(err, new(*sourceError)):
		return err
	case err == nil:
		p.saveLast()
		err = out.commit()
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
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
		what := "1 entry of the allowlist or baseline is"
		if n := len(sum.Stale); n > 1 {
			what = fmt.Sprintf("%d entries of the allowlist or baseline are", n)
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

// source returns what the flags and arguments name, and how to free it.
func (a *app) source(f scanFlags, args []string) (scanner.Source, func(), error) {
	none := func() {}
	switch {
	case f.staged:
		return f.asked.wait()
	case f.patch:
		return source.Patch{R: a.in}, none, nil
	case len(args) == 1 && args[0] == "-":
		return source.Stream{Name: source.StdinName, R: a.in}, none, nil
	case len(args) == 0:
		args = []string{"."}
	}
	for _, arg := range args {
		if arg == "-" {
			return nil, nil, usage("scan", "- reads standard input, and goes with no other path")
		}
	}
	return source.Tree{Paths: args, List: files}, none, nil
}

// files lists a folder as git sees it, or says that git does not know it.
func files(ctx context.Context, dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for path, err := range gitrepo.Files(ctx, dir) {
			if errors.Is(err, gitrepo.ErrNotRepo) || errors.Is(err, gitrepo.ErrNoGit) || errors.Is(err, gitrepo.ErrNoList) {
				err = source.ErrNotListed
			}
			if !yield(path, err) {
				return
			}
		}
	}
}

// output is a report writer and the file behind it.
type output struct {
	report.Writer
	buffer *buffered
	file   *atomicFile // nil: standard output
}

// commit completes the report.
func (o *output) commit() error {
	err := o.buffer.Flush()
	if err == nil && o.file != nil {
		err = o.file.commit()
	}
	return err
}

// discard removes what was written of a report that was not completed.
func (o *output) discard() {
	if o.file != nil {
		o.file.discard()
	}
}

func (a *app) reportWriter(f scanFlags) (*output, error) {
	format, err := report.FormatNamed(f.format)
	if err != nil {
		return nil, &hinted{err, "see keyguard scan --help"}
	}
	if f.noColor {
		f.color = "never"
	}
	if f.report.Color, err = a.colorful(f.color, f.output == "-" && isTerminal(a.out)); err != nil {
		return nil, err
	}
	f.report.Version = buildVersion()
	o := &output{buffer: newBuffered(a.out, true)}
	if f.output != "-" {
		if o.file, err = createAtomic(f.output); err != nil {
			return nil, err
		}
		o.buffer = newBuffered(o.file, false)
	}
	o.Writer = format.New(o.buffer, f.report)
	return o, nil
}

// maxTold is how many errors of a scan are told one by one, without -v.
const maxTold = 5

// run is one scan on its way from source to report.
type run struct {
	verbose bool
	ui      *app
	scanner *scanner.Scanner
	out     *output
	policy  *policy
	covered coverage
	sum     report.Summary
}

func (a *app) newRun(p *policy, out *output, f *scanFlags, args []string) *run {
	return &run{verbose: f.report.Verbose, ui: a, scanner: scanner.New(p.config.Set, scanner.Options{Jobs: p.config.Jobs}), out: out, policy: p, covered: f.covers(p, args)}
}

// do scans what the flags and arguments name.
func (r *run) do(ctx context.Context, f scanFlags, args []string) (report.Summary, error) {
	if f.history.on() {
		return r.history(ctx, f)
	}
	return r.blobs(ctx, f, args)
}

// sourceError says that there is nothing to scan: no report was begun.
type sourceError struct{ error }

func (e *sourceError) Unwrap() error { return e.error }

// blobs scans a source of blobs.
func (r *run) blobs(ctx context.Context, f scanFlags, args []string) (report.Summary, error) {
	src, closeSource, err := r.ui.source(f, args)
	if err != nil {
		return r.sum, &sourceError{err}
	}
	if tree, ok := src.(source.Tree); ok {
		if r.out.file != nil {
			tree.Except = r.out.file.itself()
		}
		tree.MaxSize = r.policy.config.MaxFileSize
		src = tree
	}
	if !r.policy.ignore.Empty() {
		src = source.Filter{Source: src, Skip: r.policy.skip}
	}
	defer closeSource()
	sum, err := r.report(ctx, r.scanner.Scan(ctx, src), nil)
	if fromStdin := f.patch || len(args) == 1 && args[0] == "-"; fromStdin && err == nil && sum.Bytes == 0 && len(sum.Errors) == 0 && !f.report.Quiet {
		fmt.Fprintln(r.ui.err, "keyguard: note: standard input was empty: did the command before the pipe fail?")
	}
	return sum, err
}

// report writes results as they come. complete, if not nil, adds to the summary
// what is known at the end.
func (r *run) report(ctx context.Context, results iter.Seq[scanner.Result], complete func(*report.Summary)) (report.Summary, error) {
	start := time.Now()
	r.sum.Dropped = make(map[string]int)
	for result := range results {
		if ctx.Err() != nil && errors.Is(result.Err, context.Cause(ctx)) {
			r.sum.Partial = partial(ctx)
			break
		}
		r.count(&result)
		if err := r.out.Result(&result); err != nil {
			return r.sum, err
		}
	}
	r.sum.Duration = time.Since(start)
	if n := len(r.sum.Errors) - maxTold; n > 0 && !r.verbose {
		fmt.Fprintf(r.ui.err, "keyguard: error: and %d more, which -v lists\n", n)
	}
	if r.sum.Partial != "" || len(r.sum.Errors) > 0 {
		r.covered = someFiles
	}
	r.sum.Stale = r.policy.stale(r.covered)
	r.sum.StaleFails = r.policy.strict && len(r.sum.Stale) > 0
	if complete != nil {
		complete(&r.sum)
	}
	return r.sum, r.out.End(r.sum)
}

func partial(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "the time given by --timeout ran out"
	}
	return "interrupted"
}

// count applies allowances to a result and adds it to the summary.
func (r *run) count(result *scanner.Result) {
	r.policy.apply(result)
	var skipped *scanner.Skipped
	switch {
	case errors.As(result.Err, &skipped):
		r.sum.Skipped = append(r.sum.Skipped, *skipped)
		return
	case result.Err != nil:
		r.sum.Errors = append(r.sum.Errors, result.Err.Error())
		if len(r.sum.Errors) <= maxTold || r.verbose {
			r.ui.fail(result.Err)
		}
	default:
		r.sum.Files++
	}
	if result.Unpacked != nil {
		err := fmt.Errorf("%s: %w", result.Origin.Path, result.Unpacked)
		r.sum.Errors = append(r.sum.Errors, err.Error())
		r.ui.fail(&hinted{err, "unpack it and scan what is in it, or leave it out with --exclude"})
	}
	r.sum.Bytes += result.Bytes
	r.sum.Findings += len(result.Findings)
	for _, d := range result.Dropped {
		r.sum.Dropped[d.Drop]++
	}
}

var _ io.Writer = (*atomicFile)(nil)
