package history

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// attribution finds the commits that introduced credentials.
//
// A commit introduces a credential if its tree contains it and no parent's tree does,
// regardless of blob and path. Most commits have the signature of a parent and are
// skipped.
type attribution struct {
	scan        *objectScan
	graph       *graph
	trees       *signatures
	byBlob      map[uint32][]int              // indexes of the credentials in each object
	sets        map[uint64][]int              // sorted credentials below a tree, by its signature
	provenances []provenance                  // by credential
	rescanned   map[pack.ID][]scanner.Finding // findings in objects that were scanned again
	additions   map[int]*addition             // by credential; nil if not only added lines count
	unions      map[*credential]int           // indexes of the credentials that are unions
}

// attribute returns findings with history for the credentials of a scan.
func (h *Scan) attribute(ctx context.Context, s *scanner.Scanner, o *objectScan) ([]scanner.Result, error) {
	if o.partial && len(o.credentials) == 0 {
		return nil, nil
	}
	a, err := newAttribution(ctx, o)
	if err != nil {
		return nil, err
	}
	refs, err := o.listRefs(ctx)
	if err != nil {
		return nil, err
	}
	o.checkRefs(refs)
	if len(o.credentials) == 0 {
		return nil, nil
	}
	a.graph = o.newGraph(refs)
	if err := errors.Join(a.introductions(), a.assignRefs()); err != nil {
		return nil, err
	}
	if o.isRange {
		if err := a.findAdditions(ctx, s, h); err != nil {
			return nil, err
		}
	}
	var out []scanner.Result
	for i, c := range o.credentials {
		if !a.counts(i, c) {
			continue
		}
		f, err := a.finding(s, i, c)
		if err != nil {
			return nil, err
		}
		if c.unread == nil && (h.ReachableOnly && !f.Origin.History.Reachable && !a.trees.paths.truncated && !o.refsIncomplete || c.name != "" && !isSensitivePath(s, &f)) {
			continue
		}
		out = append(out, c.result(f))
	}
	slices.SortStableFunc(out, inOrder)
	return out, nil
}

// counts reports whether a credential is reported. If marks allow it in some objects
// only, the part without marks is reported, or the union if only added lines count. In a
// range, a credential that is not on an added line is known from before, and objects that
// were not read always count.
func (a *attribution) counts(i int, c *credential) bool {
	if !a.scan.isRange {
		return !c.isUnion
	}
	tagged := slices.ContainsFunc(a.scan.tags, func(t tag) bool {
		_, holds := slices.BinarySearch(c.objects, t.num)
		return holds
	})
	return c.union == nil && (c.unread != nil || a.additions[i] != nil || a.provenances[i].named != noObject || tagged)
}

// newAttribution computes the signatures of trees. That needs the most memory, so
// everything else is left for later.
func newAttribution(ctx context.Context, o *objectScan) (a *attribution, err error) {
	a = &attribution{
		scan: o, byBlob: make(map[uint32][]int), sets: make(map[uint64][]int),
		provenances: make([]provenance, len(o.credentials)),
		rescanned:   make(map[pack.ID][]scanner.Finding), unions: make(map[*credential]int),
	}
	if len(o.credentials) == 0 {
		return a, nil
	}
	for i, c := range o.credentials {
		if c.isUnion {
			a.unions[c] = i
		}
		a.provenances[i] = provenance{intro: -1, removal: -1, named: noObject, paths: make(map[string]bool)}
		for _, num := range c.objects {
			a.byBlob[num] = append(a.byBlob[num], i)
		}
	}
	if slices.ContainsFunc(o.workers, func(w *scanWorker) bool { return w.commits.full || w.treeDiffs.full }) {
		return nil, errBudget
	}
	runtime.GC() // release the memory of the walk
	a.trees, err = newSignatures(ctx, o, slices.Sorted(maps.Keys(a.byBlob)))
	return a, err
}

// inOrder compares results by the dates of their commits, then by location.
func inOrder(a, b scanner.Result) int {
	x, y := a.Origin.History, b.Origin.History
	return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(x.Commit, y.Commit), cmp.Compare(a.Origin.Path, b.Origin.Path),
		cmp.Compare(a.Origin.Object, b.Origin.Object), cmp.Compare(firstByte(&a), firstByte(&b)))
}

// firstByte returns the offset of the finding of a result, or -1 if it has no finding.
func firstByte(r *scanner.Result) int64 {
	if len(r.Findings) == 0 {
		return -1
	}
	return r.Findings[0].Span.Start
}
