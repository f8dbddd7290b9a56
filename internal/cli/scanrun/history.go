package scanrun

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/history"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// arguments returns the arguments of git rev-list for the selected commits.
func (f *HistoryOptions) arguments(ctx context.Context, repo *gitrepo.Repo) ([]string, error) {
	switch {
	case f.Exact != nil:
		return f.Exact(ctx, repo)
	case f.planned != nil:
		return f.planned, nil
	case f.Revisions != "":
		return []string{string(f.Revisions)}, nil
	}
	args := f.Branches
	if len(args) == 0 && (f.ReachableOnly || f.Since != "") {
		args = []string{"--all"}
	}
	if f.Since == "" {
		return args, nil
	}
	if repo.IsRevision(ctx, f.Since) {
		return append(args, "^"+f.Since), nil
	}
	if !isDate(f.Since) {
		return nil, cli.WithHint(fmt.Errorf("--since: %q is not a revision of this repository or a date", f.Since), "write a date such as 2024-12-31, yesterday or 2 weeks ago")
	}
	return append(args, "--since="+f.Since), nil
}

// isDate reports whether s has the form of a date. Git accepts any text as a date: it
// would read a misspelled tag as the current time.
func isDate(s string) bool {
	return regexp.MustCompile(`(?i)^(@?\d{9,}|\d{4}-\d\d?-\d\d?([ t].*)?|\d+[ .]*(second|minute|hour|day|week|month|year)s?([ .]+ago)?|` +
		`last[ .](week|month|year)|yesterday|today|midnight|noon|.*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d{4}.*)$`).MatchString(s)
}

// collectHistoryAt is the GC percentage of a history scan. Most of its memory has no
// pointers and is cheap to collect; the rest is small and short-lived.
const collectHistoryAt = 6

// ballast is the size of an unused allocation in bytes. It takes no memory, but the
// collector counts it, and so waits for at least 16 MB of garbage.
const ballast = 256 << 20

// history scans history.
func (r *Run) history(ctx context.Context, repo *gitrepo.Repo) (report.Summary, error) {
	f := &r.flags
	defer debug.SetGCPercent(debug.SetGCPercent(collectHistoryAt))
	defer runtime.KeepAlive(make([]byte, ballast))
	revisions, err := f.History.arguments(ctx, repo)
	if err != nil {
		return r.sum, &sourceError{err}
	}
	h := &history.Scan{
		Repo: repo, Revisions: revisions, ReachableOnly: f.History.ReachableOnly, Jobs: r.policy.Config.Jobs, Marked: r.marked, Reveals: r.reveals,
	}
	if cli.IsTerminal(r.ui.Err) && !f.History.NoProgress && !f.Report.Quiet {
		p := &progress{w: r.ui.Err, start: time.Now()}
		h.Progress = p.show
		defer p.clear()
	}
	sum, err := r.writeResults(ctx, explained(h.Run(ctx, r.scanner)), func(sum *report.Summary) { complete(sum, h.Coverage()) })
	if f.History.Revisions != "" && err == nil && len(sum.Errors) == 0 && h.Coverage().Commits == 0 && !f.Report.Quiet {
		fmt.Fprintf(r.ui.Err, "keyguard: note: %s contains no commit: check the order of its ends\n", report.Printable(string(f.History.Revisions)))
	}
	return sum, err
}

// explained adds hints to errors that need a specific one in history.
func explained(results iter.Seq[scanner.Result]) iter.Seq[scanner.Result] {
	return func(yield func(scanner.Result) bool) {
		for r := range results {
			var refused *gitrepo.Error
			switch {
			case errors.Is(r.Err, gitrepo.ErrShallow):
				r.Err = cli.WithHint(r.Err, "fetch the history that is missing: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)")
			case errors.As(r.Err, &refused) && refused.Command == "rev-list":
				r.Err = cli.WithHint(r.Err, "check the revision, or fetch it with git fetch")
			}
			if !yield(r) {
				return
			}
		}
	}
}

func complete(sum *report.Summary, c history.Coverage) {
	sum.Files = int(c.Blobs)
	sum.Bytes = c.Inflated
	sum.Objects = &report.Objects{
		Commits: c.Commits, Trees: c.Trees, Blobs: c.Blobs, Tags: c.Tags, Inflated: c.Inflated, Scanned: c.Scanned,
		Missing: c.Missing, Shallow: c.Shallow, Attribution: c.Attribution,
	}
}

// progress shows the progress of a scan on the last line of a terminal.
type progress struct {
	w interface {
		Write([]byte) (int, error)
	}
	start time.Time
	shown bool
}

func (p *progress) show(now history.Progress) {
	elapsed := time.Since(p.start)
	if elapsed < 500*time.Millisecond || now.Done == 0 {
		return
	}
	p.shown = true
	rate := float64(now.Done) / elapsed.Seconds()
	left := time.Duration(float64(now.Total-now.Done) / rate * float64(time.Second))
	fmt.Fprintf(p.w, "\r\x1b[K%d of %d objects (%d %%), %.0f a second, %s left, %d findings",
		now.Done, now.Total, 100*now.Done/max(now.Total, 1), rate, max(left, 0).Round(time.Second), now.Findings)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
