package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// historyFlags say which part of history to scan.
type historyFlags struct {
	all           bool
	revisions     commitRange
	since         string
	branches      []string
	reachableOnly bool
	planned       []string // as --ci found them, for git rev-list
	noProgress    bool
	// exact, if not nil, tells in place of all that what to scan, as arguments of git
	// rev-list: what a hook is asked for.
	exact func(context.Context, *gitrepo.Repo) ([]string, error)
}

func (f *historyFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.all, "history", false, "scan every object of the repository, those that no ref reaches too")
	flags.Var(&f.revisions, "range", "scan what these commits add: A..B, all that B reaches and A does not")
	flags.StringVar(&f.since, "since", "", "with --history: only commits after this revision or date")
	flags.StringSliceVar(&f.branches, "branch", nil, "with --history: only what these refs reach")
	flags.BoolVar(&f.reachableOnly, "reachable-only", false, "with --history: leave out what no ref reaches")
	flags.BoolVar(&f.noProgress, "no-progress", false, "show no progress on the terminal")
}

// commitRange is the value of --range.
type commitRange string

// Set implements pflag.Value. A range without a start is what a variable leaves
// that is not set: git would take it for HEAD, and find nothing to scan.
func (c *commitRange) Set(s string) error {
	if s == "" || strings.HasPrefix(s, "..") {
		return errors.New("where it starts is missing: A..B")
	}
	if !strings.Contains(s, "..") {
		return errors.New("it has no dots: A..B")
	}
	*c = commitRange(s)
	return nil
}

// String implements pflag.Value.
func (c *commitRange) String() string { return string(*c) }

// Type implements pflag.Value.
func (c *commitRange) Type() string { return "A..B" }

func (f *historyFlags) on() bool {
	return f.all || f.revisions != "" || f.planned != nil || f.exact != nil
}

func (f *historyFlags) check() error {
	if !f.all && (f.since != "" || len(f.branches) > 0 || f.reachableOnly) {
		return usage("scan", "--since, --branch and --reachable-only go with --history")
	}
	for _, rev := range append([]string{string(f.revisions), f.since}, f.branches...) {
		if strings.HasPrefix(rev, "-") {
			return usage("scan", "%q is no revision", rev)
		}
	}
	for _, rev := range append([]string{f.since}, f.branches...) {
		if strings.Contains(rev, "..") || strings.HasPrefix(rev, "^") {
			return usage("scan", "%q is not one revision; for a range there is --range A..B", rev)
		}
	}
	return nil
}

// arguments returns what git rev-list selects the same objects by.
func (f *historyFlags) arguments(ctx context.Context, repo *gitrepo.Repo) ([]string, error) {
	switch {
	case f.exact != nil:
		return f.exact(ctx, repo)
	case f.planned != nil:
		return f.planned, nil
	case f.revisions != "":
		return []string{string(f.revisions)}, nil
	}
	args := f.branches
	if len(args) == 0 && (f.reachableOnly || f.since != "") {
		args = []string{"--all"}
	}
	if f.since == "" {
		return args, nil
	}
	if repo.IsRevision(ctx, f.since) {
		return append(args, "^"+f.since), nil
	}
	if !isDate(f.since) {
		return nil, &hinted{fmt.Errorf("--since: %q is no revision of this repository, and no date", f.since), "write a date such as 2024-12-31, yesterday or 2 weeks ago"}
	}
	return append(args, "--since="+f.since), nil
}

// isDate reports whether git would understand a date. It takes any text for one:
// a tag that is misspelt for today.
func isDate(s string) bool {
	return regexp.MustCompile(`(?i)^(@?\d{9,}|\d{4}-\d\d?-\d\d?([ t].*)?|\d+[ .]*(second|minute|hour|day|week|month|year)s?([ .]+ago)?|` +
		`last[ .](week|month|year)|yesterday|today|midnight|noon|.*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d{4}.*)$`).MatchString(s)
}

// collectHistoryAt is collectAt for a scan of history. Most of what that keeps has no
// pointers, and costs a collection nothing; what else is there is small, and lives as
// long as an object is looked at.
const collectHistoryAt = 6

// ballast is bytes that are never touched, so that they take no memory. For the
// collector they are there: it waits for 16 MB of garbage, and little more if a
// repository is large.
const ballast = 256 << 20

// history scans history.
func (r *run) history(ctx context.Context, repo *gitrepo.Repo) (report.Summary, error) {
	f := &r.flags
	defer debug.SetGCPercent(debug.SetGCPercent(collectHistoryAt))
	defer runtime.KeepAlive(make([]byte, ballast))
	revisions, err := f.history.arguments(ctx, repo)
	if err != nil {
		return r.sum, &sourceError{err}
	}
	h := &gitrepo.History{
		Repo: repo, Revisions: revisions, ReachableOnly: f.history.reachableOnly, Jobs: r.policy.config.Jobs, Marked: r.marked, Reveals: r.reveals,
	}
	if isTerminal(r.ui.err) && !f.history.noProgress && !f.report.Quiet {
		p := &progress{w: r.ui.err, start: time.Now()}
		h.Progress = p.show
		defer p.clear()
	}
	sum, err := r.report(ctx, explained(h.Scan(ctx, r.scanner)), func(sum *report.Summary) { complete(sum, h.Coverage()) })
	if f.history.revisions != "" && err == nil && len(sum.Errors) == 0 && h.Coverage().Commits == 0 && !f.report.Quiet {
		fmt.Fprintf(r.ui.err, "keyguard: note: %s holds no commit: are its ends the right way round?\n", report.Printable(string(f.history.revisions)))
	}
	return sum, err
}

// explained adds to errors what to do about them, where history needs something
// of its own.
func explained(results iter.Seq[scanner.Result]) iter.Seq[scanner.Result] {
	return func(yield func(scanner.Result) bool) {
		for r := range results {
			var refused *gitrepo.Error
			switch {
			case errors.Is(r.Err, gitrepo.ErrShallow):
				r.Err = &hinted{r.Err, "fetch the history that is missing: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"}
			case errors.As(r.Err, &refused) && refused.Verb == "rev-list":
				r.Err = &hinted{r.Err, "check the names, and whether git fetch must bring them"}
			}
			if !yield(r) {
				return
			}
		}
	}
}

func complete(sum *report.Summary, c gitrepo.Coverage) {
	sum.Files = int(c.Blobs)
	sum.Bytes = c.Inflated
	sum.Objects = &report.Objects{
		Commits: c.Commits, Trees: c.Trees, Blobs: c.Blobs, Tags: c.Tags, Inflated: c.Inflated, Scanned: c.Scanned,
		Missing: c.Missing, Shallow: c.Shallow, Attribution: c.Attribution,
	}
}

// progress shows on a terminal's last line how far a scan has come.
type progress struct {
	w interface {
		Write([]byte) (int, error)
	}
	start time.Time
	shown bool
}

func (p *progress) show(now gitrepo.Progress) {
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
