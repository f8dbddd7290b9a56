package history

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/bitset"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// objectScan is one pass over the objects of a repository. Its workers collect
// credentials, commits and differences between trees, which attribution uses.
type objectScan struct {
	repo       *gitrepo.Repo
	catalog    *pack.Catalog
	scanner    *scanner.Scanner
	partial    bool          // the catalog lists only the objects of some commits
	refs       []gitrepo.Ref // see listRefs
	refsListed bool
	// refsIncomplete reports that some refs could not be listed. Then no object is
	// certain to be unreachable.
	refsIncomplete bool
	isRange        bool                        // commits are excluded, so only added lines count
	marked         func(*scanner.Finding) bool // see Scan.Marked
	shallow        map[pack.ID]bool            // commits whose parents a shallow clone lacks
	workers        []*scanWorker
	done           atomic.Int64
	findings       atomic.Int64
	budget         atomic.Int64       // bytes that all varintLogs may still use
	childTrees     bitset.Shared      // trees that are entries of other trees
	namedBlobs     map[namedBlob]bool // files that may be sensitive by their names

	// Results of all workers; see merge.
	credentials []*credential
	dropped     map[string]scanner.Finding
	omitted     map[string]int // number of further dropped candidates, by reason
	unread      []*credential  // objects that were not read to the end
	tags        []tag
	missing     missingObjects
	errs        []error
	skipped     []error // *scanner.Skipped
}

// tag is an annotated tag.
type tag struct {
	num, target uint32
}

// noObject is the number of an object that the catalog lacks.
const noObject = ^uint32(0)

func workerCount(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

func newObjectScan(ctx context.Context, repo *gitrepo.Repo, s *scanner.Scanner, workers int) (*objectScan, error) {
	o := &objectScan{repo: repo, scanner: s}
	var err error
	if o.shallow, err = repo.ShallowCommits(); err != nil {
		return nil, err
	}
	seed := maphash.MakeSeed()
	for range workers {
		o.workers = append(o.workers, &scanWorker{
			scan: o, tracker: s.NewTracker(ctx), credentials: make(map[string]*credential),
			dropped: make(map[string]scanner.Finding), reasons: make(map[string]int), omitted: make(map[string]int), missing: make(missingObjects), namedBlobs: make(map[namedBlob]bool),
			treeDiffs: treeDiffs{varintLog: varintLog{budget: &o.budget}, seed: seed}, commits: commitLog{varintLog: varintLog{budget: &o.budget}},
		})
	}
	return o, nil
}

// objectState is passed from an object to its deltas.
type objectState struct {
	trail   *scanner.TextState // of an object that is scanned
	offsets entryOffsets       // of a tree
	tree    uint32             // the number of the tree, if it has offsets
}

func (o *objectScan) walk(ctx context.Context) (pack.Stats, error) {
	opts := pack.WalkOptions{Catalog: o.catalog, Workers: len(o.workers)}
	return pack.Walk(ctx, o.repo.Store, opts, func(worker int, e *pack.Entry, base objectState) objectState {
		return o.workers[worker].visit(e, base)
	})
}

// merge combines the results of the workers, independently of their order.
func (o *objectScan) merge(stats pack.Stats) {
	merged, more := make(map[string]*credential), 0
	o.dropped, o.omitted = make(map[string]scanner.Finding), make(map[string]int)
	o.missing = make(missingObjects)
	o.namedBlobs = make(map[namedBlob]bool)
	for _, w := range o.workers {
		w.flush()
		for key, c := range w.credentials {
			if m := merged[key]; m != nil {
				m.objects = append(m.objects, c.objects...)
			} else {
				merged[key] = c
			}
		}
		o.tags = append(o.tags, w.tags...)
		o.errs = append(o.errs, w.errs...)
		o.unread = append(o.unread, w.unread...)
		more += w.moreUnread
		o.skipped = append(o.skipped, w.skipped...)
		maps.Copy(o.dropped, w.dropped)
		for reason, n := range w.omitted {
			o.omitted[reason] += n
		}
		maps.Copy(o.namedBlobs, w.namedBlobs)
		for id, by := range w.missing {
			o.missing.add(id, by)
		}
	}
	if more > 0 {
		o.errs = append(o.errs, fmt.Errorf("%d more objects were not read to the end", more))
	}
	slices.SortFunc(o.tags, func(a, b tag) int { return cmp.Compare(a.num, b.num) })
	o.credentials = mergeMarked(merged)
	for _, p := range stats.Problems {
		o.errs = append(o.errs, problemError(p))
	}
	if n := stats.ProblemCount - len(stats.Problems); n > 0 {
		o.errs = append(o.errs, fmt.Errorf("%d more objects could not be read", n))
	}
}

func (o *objectScan) scanned() (n int64) {
	for _, w := range o.workers {
		n += w.tracker.Scanned
	}
	return n
}

func (o *objectScan) progress() Progress {
	return Progress{Done: o.done.Load(), Total: int64(o.catalog.Distinct()), Findings: o.findings.Load()}
}

// unattributed returns the findings with their positions in objects, without history.
func (o *objectScan) unattributed() (out []scanner.Result) {
	for _, c := range o.credentials {
		if c.name != "" || c.isUnion {
			continue // depends on its path, or repeats another
		}
		out = append(out, c.result(c.finding))
	}
	return out
}

// drops returns each dropped candidate once.
func (o *objectScan) drops() (out []scanner.Result) {
	for _, key := range slices.Sorted(maps.Keys(o.dropped)) {
		f := o.dropped[key]
		out = append(out, scanner.Result{Origin: f.Origin, Dropped: []scanner.Finding{f}})
	}
	if len(o.omitted) > 0 {
		out = append(out, scanner.Result{Omitted: o.omitted})
	}
	return out
}
