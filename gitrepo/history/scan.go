package history

import (
	"context"
	"iter"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// Scan scans the history of a repository: every object, or the objects of some commits.
// It scans blobs, annotated tags, and commits with their messages, authors and
// committers. It reads trees to find missing objects.
//
// A credential is one finding, however many versions of a file contain it. It is
// attributed to the commit that introduced it. A Scan must not run twice at the same
// time.
type Scan struct {
	Repo *gitrepo.Repo
	// Revisions selects objects, as arguments of git rev-list: A..B, --since=…, a branch.
	// If it is empty, all objects are scanned, including unreachable ones.
	Revisions     []string
	ReachableOnly bool // omit findings in unreachable objects
	Jobs          int
	// Marked, if not nil, reports whether marks allow all uses of a finding in an object,
	// whose path is not known. It must be safe for concurrent use.
	Marked func(*scanner.Finding) bool
	// Reveals is like the field of gitrepo.Staged.
	Reveals func(from, to string) bool
	// Progress, if not nil, is called about ten times per second by one goroutine.
	Progress func(Progress)

	coverage Coverage
}

// Progress is the state of a running scan.
type Progress struct {
	Done, Total int64 // objects
	Findings    int64
}

// Coverage counts the objects that a scan read. It is complete when the scan has ended.
type Coverage struct {
	Commits, Trees, Blobs, Tags int64
	Inflated                    int64 // bytes of all objects
	Scanned                     int64 // bytes that were searched: text copied from a base counts once
	Missing                     int64 // objects that others name, but that the repository lacks
	Shallow                     bool  // the clone is shallow
	Walk, Attribution           time.Duration
}

// Coverage returns the coverage of the last scan.
func (h *Scan) Coverage() Coverage { return h.coverage }

// Run yields a result for each finding, sorted by the time of its commit, then one for
// each object that could not be read. If ctx is done, it yields the findings so far
// without attribution, then the context's cause.
func (h *Scan) Run(ctx context.Context, s *scanner.Scanner) iter.Seq[scanner.Result] {
	return func(yield func(scanner.Result) bool) {
		results, err := h.results(ctx, s)
		if err != nil {
			results = append(results, scanner.Result{Err: err})
		}
		for _, r := range results {
			if !yield(r) {
				return
			}
		}
	}
}

func (h *Scan) results(ctx context.Context, s *scanner.Scanner) ([]scanner.Result, error) {
	start := time.Now()
	o, err := h.scanObjects(ctx, s)
	if o == nil {
		return nil, err
	}
	h.coverage.Walk = time.Since(start)
	h.coverage.Shallow = h.Repo.Shallow
	defer func() { h.coverage.Missing = int64(len(o.missing)) }()
	if err != nil {
		return append(o.unattributed(), o.problems()...), err
	}
	start = time.Now()
	found, err := h.attribute(ctx, s, o)
	h.coverage.Attribution = time.Since(start)
	if err != nil {
		found = o.unattributed()
	}
	found = append(found, o.drops()...)
	return append(found, o.problems()...), err
}

// scanObjects visits the objects and collects credentials, commits and errors.
func (h *Scan) scanObjects(ctx context.Context, s *scanner.Scanner) (*objectScan, error) {
	o, err := newObjectScan(ctx, h.Repo, s, workerCount(h.Jobs))
	if err != nil {
		return nil, err
	}
	o.marked = h.Marked
	if err := o.listObjects(ctx, h.Revisions); err != nil {
		return nil, err
	}
	stop := h.reportProgress(o)
	stats, err := o.walk(ctx)
	stop()
	o.merge(stats)
	if err == nil {
		err = o.addSensitiveFiles(ctx)
	}
	o.credentials = append(o.credentials, o.unread...)
	c := &h.coverage
	c.Commits, c.Trees, c.Blobs, c.Tags = stats.ByType[pack.Commit], stats.ByType[pack.Tree], stats.ByType[pack.Blob], stats.ByType[pack.Tag]
	c.Inflated, c.Scanned = stats.Bytes, o.scanned()
	return o, err
}

// reportProgress reports progress until the returned function is called.
func (h *Scan) reportProgress(o *objectScan) (stop func()) {
	if h.Progress == nil {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				h.Progress(o.progress())
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}
