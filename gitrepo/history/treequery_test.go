package history

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/keyguard/keyguard/internal/bitset"
)

// TestTreeQueryOfReplacedDirectory: where all entries of a large folder are replaced, again and
// again, their names are looked up together, not each by itself.
func TestTreeQueryOfReplacedDirectory(t *testing.T) {
	const entries, trees = 2000, 5
	const object = trees
	l := newTreeDiffs()
	for tree := range uint32(trees) {
		base := tree - 1 // of the first: noObject
		l.add(diffOp{kind: begin, num: tree, from: base})
		for i := range uint32(entries) {
			r := diffOp{kind: replaced, from: entries - 1 - i, num: object}
			if base == noObject {
				r.kind, r.name = added, uint64(i)
			}
			l.add(r)
		}
		l.add(diffOp{kind: end})
	}
	w := newTreeQuery([]*treeDiffs{l}, trees+1)
	w.steps.Store(50 * entries * trees)
	sought := bitset.New(trees + 1)
	sought.Add(object)
	names := make(map[uint64]int)
	err := w.find(t.Context(), sought, func(_, _ uint32, name uint64) error { names[name]++; return nil })
	for name, n := range names {
		if n != trees {
			t.Errorf("name %d: in %d trees", name, n)
		}
	}
	if err != nil || len(names) != entries {
		t.Errorf("%d names, error %v", len(names), err)
	}
}

// TestTreeQueryOfManyDependents: what a tree in a long chain is made from is not copied for each
// tree that another worker made from it.
func TestTreeQueryOfManyDependents(t *testing.T) {
	const chain = 2000
	l, other := newTreeDiffs(), newTreeDiffs()
	for tree := range uint32(chain) {
		l.add(diffOp{kind: begin, num: tree, from: tree - 1})
		if tree == 0 {
			l.add(diffOp{kind: added, num: 2 * chain})
		} else {
			l.add(diffOp{kind: copied, n: 1})
		}
		l.add(diffOp{kind: end})
		other.add(diffOp{kind: begin, num: chain + tree, from: tree})
		other.add(diffOp{kind: copied, n: 1})
		other.add(diffOp{kind: end})
	}
	w := newTreeQuery([]*treeDiffs{l, other}, 2*chain+1)
	sought := bitset.New(2*chain + 1)
	sought.Add(2 * chain)
	var found atomic.Int64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := w.find(t.Context(), sought, func(uint32, uint32, uint64) error { found.Add(1); return nil })
	runtime.ReadMemStats(&after)
	if err != nil || found.Load() != 2*chain {
		t.Errorf("%d trees, error %v", found.Load(), err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 10<<20 {
		t.Errorf("%d bytes for %d dependents", took, chain)
	}
}

func newTreeDiffs() *treeDiffs {
	room := new(atomic.Int64)
	room.Store(math.MaxInt64)
	return &treeDiffs{varintLog: varintLog{budget: room}}
}
