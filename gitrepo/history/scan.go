package history

import (
	"context"
	"iter"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// History scans what a repository ever held: every object, or those of some
// commits. Blobs, commits with their messages and people, and annotated tags
// are scanned; trees are checked for objects that are missing.
//
// A credential is one finding, however many versions of a file hold it. It is
// attributed to the commit that introduced it.
type Scan struct {
	Repo *gitrepo.Repo
	// Revisions narrow the scan to what git rev-list selects by them: A..B,
	// --since=…, a branch. None: all objects, those that no ref reaches too.
	Revisions     []string
	ReachableOnly bool // leave out what no ref reaches
	Jobs          int
	// Marked, if not nil, reports whether marks allow all uses that a finding has in an
	// object, whose path is not known. It must be safe for concurrent use.
	Marked func(*scanner.Finding) bool
	// Reveals is that of Staged.
	Reveals func(from, to string) bool
	// Progress, if not nil, is called about ten times a second by one goroutine.
	Progress func(Progress)

	coverage Coverage
}

// Progress is how far a scan has come.
type Progress struct {
	Done, Total int64 // objects
	Findings    int64
}

// Coverage is what a scan read. It is complete when the scan has ended.
type Coverage struct {
	Commits, Trees, Blobs, Tags int64
	Inflated                    int64 // bytes of the objects
	Scanned                     int64 // bytes that were searched: each once, in whichever object it came first
	Missing                     int64 // objects that others name and that are not there
	Shallow                     bool  // history is cut
	Walk, Attribution           time.Duration
}

// Coverage returns what the last scan read.
func (h *Scan) Coverage() Coverage { return h.coverage }

// Scan scans and yields a result for each finding, in the order of their
// commits, then one for each object that was not read. When ctx is done, what
// was found so far is yielded without attribution, then ctx's error.
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

// survey visits the objects and collects credentials, commits and faults.
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

// watch reports progress until the returned function is called.
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
