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

// attribution works out where credentials came from.
//
// A commit introduces a credential if its tree holds it, in whatever blob and
// under whatever path, and the tree of none of its parents does. Most commits
// have the signature of a parent and are passed over.
type attribution struct {
	scan        *objectScan
	graph       *graph
	trees       *signatures
	byBlob      map[uint32][]int              // credentials, by index, of each wanted blob
	sets        map[uint64][]int              // credentials below a tree of that signature, in order
	provenances []provenance                  // by credential
	rescanned   map[pack.ID][]scanner.Finding // in what was scanned once more
	additions   map[int]*addition             // by credential; nil unless only added lines count
	unions      map[*credential]int           // those that stand for others, by index
}

// attribute turns the survey's credentials into findings with a history.
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

// counts reports whether a credential is a finding, or was not read. Of one that marks allow in some
// objects only, the part that they do not allow is, or, where only added lines count, the
// whole. What was found in an object and is not on an added line is known from before.
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

// newAttribution looks for the trees that hold the credentials. That takes the most
// memory, so all else is left for later.
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
	runtime.GC() // what the walk held makes room
	a.trees, err = newSignatures(ctx, o, slices.Sorted(maps.Keys(a.byBlob)))
	return a, err
}

// inOrder sorts findings by the age of their commits, then by place.
func inOrder(a, b scanner.Result) int {
	x, y := a.Origin.History, b.Origin.History
	return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(x.Commit, y.Commit), cmp.Compare(a.Origin.Path, b.Origin.Path),
		cmp.Compare(a.Origin.Object, b.Origin.Object), cmp.Compare(firstByte(&a), firstByte(&b)))
}

// firstByte returns where a result's finding begins; -1 if it has none.
func firstByte(r *scanner.Result) int64 {
	if len(r.Findings) == 0 {
		return -1
	}
	return r.Findings[0].Span.Start
}
