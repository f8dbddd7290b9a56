package history

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/bitset"
)

// sweep goes through the lineages of all workers, to find the trees that have certain
// objects as entries. Attribution has it look for the objects that findings are in, then
// for the trees that hold these, and for those that hold them: an index would spare that,
// but takes more memory than all else.
//
// Records come depth first: behind a tree stand those that were made from it. So there is
// a stack of the tree that is being read, its base, the base of that and so on, each with
// its hits. An entry that was copied is a hit if it was one in the base.
type treeQuery struct {
	independent   [][]recordRange          // of each lineage, those that need no other
	dependents    map[uint32][]recordRange // the others, by base
	hasDependents bitset.Set               // the keys of heirs
	steps         atomic.Int64             // bytes that may yet be read, and hits that may be found
}

// frame is a tree that was read, but perhaps not all that were made from it.
type frame struct {
	diffs   *treeDiffs
	entries int // where they are noted
	tree    uint32
	hits    []hit
}

// hit is an entry whose object is sought.
type hit struct {
	pos  uint32 // in the tree
	num  uint32 // of the object
	name uint64 // a hash of it
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

// maxSteps bounds the work for these lineages. Each is read once for each folder that
// findings lie in, one within the other, unless trees were made to have one object at
// millions of places and trees made from them to keep all of these.
func maxSteps(diffs []*treeDiffs) int64 {
	steps := int64(1 << 30)
	for _, d := range diffs {
		steps += 64 * int64(d.size)
	}
	return steps
}

// seek calls found for every tree that has a sought object as an entry, with a hash of
// its name there, until there is an error: from several goroutines.
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

// pass is what one goroutine does for a sweep.
type queryWorker struct {
	*treeQuery
	sought bitset.Set
	found  func(tree, num uint32, name uint64) error
	spent  int64 // steps that were not taken from the sweep's yet
}

// run reads stretches, and the heirs that come up.
func (w *queryWorker) run(ctx context.Context, ranges []recordRange) error {
	for _, r := range ranges {
		if err := w.readRange(ctx, r, nil); err != nil {
			return err
		}
	}
	return nil
}

// often is after how many steps those of the sweep are counted down.
const spendBatch = 1 << 10

// spend takes the steps that were spent from those of the sweep, if they are many.
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

// read goes through the records of a stretch, whose base is on top of the stack, and
// those of heirs. These share the stack, and leave it as it is: of a long chain, a copy
// for each would take too much memory.
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

// tree goes through the entries of the tree on top of the stack.
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

// inherit appends those of the base's hits that were copied.
func appendCopied(to, base []hit, e diffOp) []hit {
	if len(base) == 0 {
		return to
	}
	i, _ := slices.BinarySearchFunc(base, e.from, func(h hit, pos uint32) int { return cmp.Compare(h.pos, pos) })
	for ; i < len(base) && base[i].pos < e.from+e.n; i++ {
		h := base[i]
		h.pos += e.pos - e.from
		to = append(to, h)
	}
	return to
}

// nameless is a hit, by index, that has the name of an entry of the base.
type unnamedHit struct {
	pos uint32 // of that
	hit int
}

// name names hits by entries of the tree on top of the stack, or of its base, where these
// have their names from that. Each tree is read once, however many there are.
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
	return nil // none is left: at the bottom is a tree whose entries are all new
}
