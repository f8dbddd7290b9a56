package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
)

// historyFlags say which part of history to scan.
type historyFlags struct {
	all           bool
	revisions     string
	since         string
	branches      []string
	reachableOnly bool
	noProgress    bool
}

func (f *historyFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.all, "history", false, "scan every object of the repository, those that no ref reaches too")
	flags.StringVar(&f.revisions, "range", "", "scan what these commits add: A..B, all that B reaches and A does not")
	flags.StringVar(&f.since, "since", "", "with --history: only commits after this revision or date")
	flags.StringSliceVar(&f.branches, "branch", nil, "with --history: only what these refs reach")
	flags.BoolVar(&f.reachableOnly, "reachable-only", false, "with --history: leave out what no ref reaches")
	flags.BoolVar(&f.noProgress, "no-progress", false, "show no progress on the terminal")
}

func (f *historyFlags) on() bool { return f.all || f.revisions != "" }

func (f *historyFlags) check() error {
	if !f.all && (f.since != "" || len(f.branches) > 0 || f.reachableOnly) {
		return usage("scan", "--since, --branch and --reachable-only go with --history")
	}
	for _, rev := range append([]string{f.revisions, f.since}, f.branches...) {
		if strings.HasPrefix(rev, "-") {
			return usage("scan", "%q is no revision", rev)
		}
	}
	return nil
}

// arguments returns what git rev-list selects the same objects by.
func (f *historyFlags) arguments(ctx context.Context, repo *gitrepo.Repo) []string {
	if f.revisions != "" {
		return []string{f.revisions}
	}
	args := f.branches
	if f.since != "" {
		if len(args) == 0 {
			args = []string{"--all"}
		}
		if repo.IsRevision(ctx, f.since) {
			args = append(args, "^"+f.since)
		} else {
			args = append(args, "--since="+f.since)
		}
	}
	return args
}

// history scans history.
func (r *run) history(ctx context.Context, f scanFlags) (report.Summary, error) {
	dir, err := workingDir()
	if err != nil {
		return r.sum, err
	}
	repo, err := gitrepo.Open(ctx, dir)
	if err != nil {
		return r.sum, &sourceError{err}
	}
	defer func() { _ = repo.Close() }()
	h := &gitrepo.History{Repo: repo, Revisions: f.history.arguments(ctx, repo), ReachableOnly: f.history.reachableOnly, Jobs: r.policy.config.Jobs}
	if isTerminal(r.ui.err) && !f.history.noProgress && !f.report.Quiet {
		p := &progress{w: r.ui.err, start: time.Now()}
		h.Progress = p.show
		defer p.clear()
	}
	sum, err := r.report(ctx, h.Scan(ctx, r.scanner), func(sum *report.Summary) { complete(sum, h.Coverage()) })
	if errors.Is(err, gitrepo.ErrShallow) {
		err = &hinted{err, "fetch the history that is missing: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"}
	}
	return sum, err
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
