package scanrun

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"runtime/debug"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// maxListed is the number of dropped candidates that a report lists for each reason.
const maxListed = 1000

// maxPrinted is the number of errors that are printed without -v.
const maxPrinted = 5

// Run is one scan.
type Run struct {
	ui      *cli.App
	scanner *scanner.Scanner
	out     Sink
	flags   Options
	open    opener
	written []fs.FileInfo // reports of this scan, which it skips
	policy  *project.Policy
	covered allow.Coverage
	sum     report.Summary
}

// NewRun returns a scan of the target that the options select.
func NewRun(a *cli.App, p *project.Policy, out Sink, f Options) *Run {
	opts := scanner.Options{Jobs: p.Config.Jobs}
	if f.target().watch && !p.Allow.Inline.Forbid {
		opts.Watch = []string{allow.Mark}
	}
	return &Run{ui: a, flags: f, open: newOpener(a, f),
		scanner: scanner.New(p.Config.Set, opts), out: out, policy: p, covered: f.coverage(p.Root)}
}

// Do scans the target.
func (r *Run) Do(ctx context.Context) (report.Summary, error) {
	r.ui.Clock.Enter("opening the repository")
	in, err := r.open(ctx)
	if err != nil {
		return r.sum, &sourceError{err}
	}
	defer in.Close()
	r.ui.Clock.Enter("scanning")
	if in.Blobs == nil {
		return r.history(ctx, in.repo)
	}
	if prepare := r.flags.target().prepare; prepare != nil {
		prepare(r, in)
	}
	return r.blobs(ctx, in.Blobs)
}

// sourceError is the error of a target that cannot be opened. No report has begun.
type sourceError struct{ error }

func (e *sourceError) Unwrap() error { return e.error }

// softLimit is the memory limit of the Go runtime in bytes, beyond which it collects more
// often. Results with many findings need most of the memory, and less than this.
const softLimit = 128 << 20

// blobs scans a source of blobs.
func (r *Run) blobs(ctx context.Context, src scanner.Source) (report.Summary, error) {
	if r.ui.Env("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(softLimit))
	}
	if !r.policy.Ignore.Empty() {
		src = source.Filter{Source: src, Skip: r.policy.Skip}
	}
	sum, err := r.writeResults(ctx, r.scanner.Scan(ctx, noted{src, r.ui.Clock}), nil)
	if note := r.flags.target().emptyNote; note != "" && err == nil && sum.Bytes == 0 && len(sum.Errors) == 0 && !r.flags.Report.Quiet {
		fmt.Fprintln(r.ui.Err, "keyguard: note: "+note)
	}
	return sum, err
}

// noted is a source whose killed git process is recorded in the clock. The scanner only
// yields the cause of its context.
type noted struct {
	scanner.Source
	clock *cli.Clock
}

// Blobs implements scanner.Source.
func (n noted) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for blob, err := range n.Source.Blobs(ctx) {
			n.clock.Note(err)
			if !yield(blob, err) {
				return
			}
		}
	}
}

// reveals reports whether a finding can be reported at path to although it is not
// reported at path from.
func (r *Run) reveals(from, to string) bool {
	return r.policy.Allow.Reveals(from, to) || r.scanner.MoreSensitive(from, to)
}

// marked reports whether marks allow all occurrences of a finding.
func (r *Run) marked(f *scanner.Finding) bool {
	g := *f
	return !r.policy.Allow.Inline.Decide(&g).Drop.IsZero()
}

// writeResults writes results as they arrive. complete, if not nil, adds to the summary
// at the end.
func (r *Run) writeResults(ctx context.Context, results iter.Seq[scanner.Result], complete func(*report.Summary)) (report.Summary, error) {
	start := time.Now()
	r.sum.Started, r.sum.Dropped = start.UTC().Truncate(time.Second), make(map[string]int)
	r.sum.FailOn = r.policy.FailOn
	if err := r.out.Begin(); err != nil {
		return r.sum, err
	}
	for result := range results {
		if ctx.Err() != nil && errors.Is(result.Err, context.Cause(ctx)) {
			r.sum.Partial = partial(ctx)
			r.ui.Clock.Note(result.Err)
			break
		}
		r.count(&result)
		if err := r.out.Result(&result); err != nil {
			return r.sum, err
		}
	}
	r.sum.Duration = time.Since(start).Truncate(time.Millisecond)
	if n := len(r.sum.Errors) - maxPrinted; n > 0 && !r.flags.Report.Verbose {
		fmt.Fprintf(r.ui.Err, "keyguard: error: and %d more (list them with -v)\n", n)
	}
	if r.sum.Partial != "" || len(r.sum.Errors) > 0 {
		r.covered = allow.Partial
	}
	r.sum.Stale = r.policy.Stale(r.covered)
	r.sum.StaleFails = r.policy.Strict && len(r.sum.Stale) > 0
	if complete != nil {
		complete(&r.sum)
	}
	return r.sum, r.out.End(r.sum)
}

func partial(ctx context.Context) string {
	if cli.IsTimeUp(ctx) {
		return cli.ErrTimeUp.Error()
	}
	return "interrupted"
}

// addError adds an error to the summary, and prints it up to maxPrinted.
func (r *Run) addError(err error) {
	r.sum.Errors = append(r.sum.Errors, err.Error())
	if len(r.sum.Errors) <= maxPrinted || r.flags.Report.Verbose {
		r.ui.Fail(err)
	}
}

// located returns an origin's path and commit, or its object if it has no path.
func located(o *scanner.Origin) string {
	name := o.Path
	if name == "" {
		name = "object " + o.Object
	}
	if o.History != nil && o.History.Commit != "" {
		name += " in commit " + o.History.Commit[:12]
	}
	return name
}

// count applies the policy to a result and adds it to the summary.
func (r *Run) count(result *scanner.Result) {
	r.policy.Apply(result)
	var skipped *scanner.Skipped
	switch {
	case errors.As(result.Err, &skipped):
		r.sum.Skipped = append(r.sum.Skipped, *skipped)
		return
	case result.Err != nil:
		r.addError(result.Err)
	default:
		r.sum.Files++
	}
	for _, reason := range result.Skipped {
		r.sum.Skipped = append(r.sum.Skipped, scanner.Skipped{Path: result.Origin.Path, Reason: reason})
	}
	if result.Unpacked != nil {
		hint := r.policy.WayOut
		if h := result.Origin.History; h != nil && result.Origin.Path == "" && !h.Reachable {
			hint = "use --reachable-only to skip unreachable objects, or delete them with git gc --prune=now"
		}
		r.addError(cli.WithHint(fmt.Errorf("%s: %w", located(&result.Origin), result.Unpacked), hint))
	}
	r.sum.Bytes += result.Bytes
	r.sum.Count(result.Findings)
	listed := result.Dropped[:0]
	for _, d := range result.Dropped {
		if r.sum.Dropped[d.Drop.Text]++; r.sum.Dropped[d.Drop.Text] <= maxListed {
			listed = append(listed, d)
		}
	}
	result.Dropped = listed
	for reason, n := range result.Omitted {
		r.sum.Dropped[reason] += n
	}
}
