package history

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

// treeQuery finds the trees that contain given objects, by reading the treeDiffs of all
// workers. Attribution runs it once per directory level: for the blobs with findings,
// then for the trees that contain these, up to the root trees. An index would avoid the
// repeated reads, but would need more memory than everything else.
//
// Records are in depth-first order, so a stack suffices: the current tree and its chain
// of bases, each with its hits. A copied entry is a hit if it was one in the base.
type treeQuery struct {
	independent   [][]recordRange          // per worker, the ranges whose bases are all included
	dependents    map[uint32][]recordRange // the other ranges, by the base of their first tree
	hasDependents bitset.Set               // the keys of dependents
	steps         atomic.Int64             // remaining work: bytes of records, and hits
}

// frame is a tree that may be the base of following records.
type frame struct {
	diffs   *treeDiffs
	entries int // position of its entries in diffs
	tree    uint32
	hits    []hit
}

// hit is an entry whose object is sought.
type hit struct {
	pos  uint32 // index in the tree
	num  uint32 // of the object
	name uint64 // hash of the name
}

func newTreeQuery(diffs []*treeDiffs, objects int) *treeQuery {
	q := &treeQuery{independent: make([][]recordRange, len(diffs)), dependents: make(map[uint32][]recordRange), hasDependents: bitset.New(objects)}
	q.steps.Store(maxSteps(diffs))
	for i, d := range diffs {
		for _, r := range d.ranges {
			if r.base == noObject {
				q.independent[i] = append(q.independent[i], r)
			} else {
				q.dependents[r.base] = append(q.dependents[r.base], r)
				q.hasDependents.Add(r.base)
			}
		}
	}
	return q
}

// maxSteps limits the work of a query. Each record is read once per directory level above
// a finding. Only a crafted repository needs more: one object at millions of places in a
// tree, and trees built on it that keep them all.
func maxSteps(diffs []*treeDiffs) int64 {
	steps := int64(1 << 30)
	for _, d := range diffs {
		steps += 64 * int64(d.size)
	}
	return steps
}

// find calls found for every tree that has a sought object as an entry, with a hash of
// the name of the entry, until found returns an error. It calls found from several
// goroutines.
func (q *treeQuery) find(ctx context.Context, sought bitset.Set, found func(tree, num uint32, name uint64) error) error {
	errs := make([]error, len(q.independent))
	var all sync.WaitGroup
	for i, ranges := range q.independent {
		w := queryWorker{treeQuery: q, sought: sought, found: found}
		all.Go(func() { errs[i] = w.run(ctx, ranges) })
	}
	all.Wait()
	return cmp.Or(errs...)
}

// queryWorker is one goroutine of a query.
type queryWorker struct {
	*treeQuery
	sought bitset.Set
	found  func(tree, num uint32, name uint64) error
	spent  int64 // steps that are not subtracted from treeQuery.steps yet
}

// run reads ranges, and the ranges that depend on trees in them.
func (w *queryWorker) run(ctx context.Context, ranges []recordRange) error {
	for _, r := range ranges {
		if err := w.readRange(ctx, r, nil); err != nil {
			return err
		}
	}
	return nil
}

// spendBatch is the number of steps that a worker takes before it updates
// treeQuery.steps.
const spendBatch = 1 << 10

// spend subtracts the steps of the worker from the limit, in batches.
func (w *queryWorker) spend(ctx context.Context) error {
	if w.spent <= spendBatch {
		return nil
	}
	left := w.steps.Add(-w.spent)
	w.spent = 0
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case left < 0:
		return errBudget
	}
	return nil
}

// readRange reads a range, whose base is on top of the stack, and its dependents. They
// share the stack and restore it: for a long chain of bases, a copy for each would need
// too much memory.
func (w *queryWorker) readRange(ctx context.Context, s recordRange, stack []frame) error {
	r, prev := s.diffs.readFrom(s.from), s.prev
	for r.pos() < s.to {
		at := r.pos()
		tree, base := r.recordHead(prev)
		for len(stack) > 0 && stack[len(stack)-1].tree != base {
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, frame{diffs: s.diffs, entries: r.pos(), tree: tree})
		if err := w.visitTree(ctx, &r, stack); err != nil {
			return err
		}
		w.spent += int64(r.pos() - at)
		if err := w.spend(ctx); err != nil {
			return err
		}
		if w.hasDependents.Has(tree) {
			for _, dependent := range w.dependents[tree] {
				if err := w.readRange(ctx, dependent, stack); err != nil {
					return err
				}
			}
		}
		prev = tree
	}
	return nil
}

// visitTree reads the entries of the tree on top of the stack.
func (w *queryWorker) visitTree(ctx context.Context, r *logReader, stack []frame) error {
	t := &stack[len(stack)-1]
	var base []hit
	if len(stack) > 1 {
		base = stack[len(stack)-2].hits
	}
	if !r.anyNew(w.sought, t.tree) && len(base) == 0 {
		return nil
	}
	var list []unnamedHit
	again := t.diffs.readFrom(t.entries)
	for e := range t.diffs.entries(&again, t.tree) {
		switch {
		case e.kind == copied:
			t.hits = appendCopied(t.hits, base, e)
		case e.num == noObject || !w.sought.Has(e.num):
			continue
		case e.kind == replaced:
			list = append(list, unnamedHit{e.from, len(t.hits)})
			t.hits = append(t.hits, hit{pos: e.pos, num: e.num})
		default:
			t.hits = append(t.hits, hit{e.pos, e.num, e.name})
		}
	}
	if err := w.nameHits(ctx, t.hits, list, stack[:len(stack)-1]); err != nil {
		return err
	}
	for _, h := range t.hits {
		w.spent++
		if err := cmp.Or(w.spend(ctx), w.found(t.tree, h.num, h.name)); err != nil {
			return err
		}
	}
	return nil
}

// appendCopied appends the hits of the base that op copies.
func appendCopied(to, base []hit, op diffOp) []hit {
	if len(base) == 0 {
		return to
	}
	i, _ := slices.BinarySearchFunc(base, op.from, func(h hit, pos uint32) int { return cmp.Compare(h.pos, pos) })
	for ; i < len(base) && base[i].pos < op.from+op.n; i++ {
		h := base[i]
		h.pos += op.pos - op.from
		to = append(to, h)
	}
	return to
}

// unnamedHit is a hit whose name is in the base.
type unnamedHit struct {
	pos uint32 // index of the entry in the base
	hit int    // index of the hit
}

// nameHits finds the names of hits in the tree on top of the stack, or in its chain of
// bases. It reads each tree once for all hits.
func (w *queryWorker) nameHits(ctx context.Context, hits []hit, list []unnamedHit, stack []frame) error {
	for ; len(list) > 0 && len(stack) > 0; stack = stack[:len(stack)-1] {
		slices.SortFunc(list, func(a, b unnamedHit) int { return cmp.Compare(a.pos, b.pos) })
		t := &stack[len(stack)-1]
		r := t.diffs.readFrom(t.entries)
		rest := list
		list = list[:0]
		for e := range t.diffs.entries(&r, t.tree) {
			for ; len(rest) > 0 && rest[0].pos < e.pos+e.n; rest = rest[1:] {
				if n := rest[0]; e.kind == added {
					hits[n.hit].name = e.name
				} else {
					list = append(list, unnamedHit{n.pos + e.from - e.pos, n.hit})
				}
			}
			if len(rest) == 0 {
				break
			}
		}
		w.spent += int64(r.pos() - t.entries + len(list))
		if err := w.spend(ctx); err != nil {
			return err
		}
	}
	return nil // list is empty: the last tree of the chain has only added entries
}
