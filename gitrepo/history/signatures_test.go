package history

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/pack"
)

// TestSignaturesEqualTrees: what is known of each tree from the deltas that trees
// are made of is what stands in it. The deltas are such as git makes few of:
// they cut entries and change their order.
func TestSignaturesEqualTrees(t *testing.T) {
	for seed := range 20 * gittest.Seeds() {
		rng := rand.New(rand.NewPCG(seed, 4))
		p, wanted := packTrees(rng)
		dir := filepath.Join(t.TempDir(), fmt.Sprint(seed))
		p.write(t, filepath.Join(dir, "objects"), "trees")
		r := openObjects(t, dir)
		v, err := newObjectScan(t.Context(), r, newScanner(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.listObjects(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		nums := make(map[uint32]bool)
		for _, id := range wanted {
			num, _ := v.catalog.Find(id)
			nums[num] = true
		}
		compareChildren(t, rng, v, nums)
	}
}

// packTrees makes blobs and 60 trees, most of them by a delta from another.
func packTrees(rng *rand.Rand) (p *packer, wanted []pack.ID) {
	p = new(packer)
	var children []treeLine
	for i := range 12 {
		id := p.blob(fmt.Sprint(i))
		children = append(children, treeLine{"100644 ", id})
		if i < 3 {
			wanted = append(wanted, id)
		}
	}
	texts := map[pack.ID][]byte{{}: nil}
	trees := []pack.ID{{}} // the first stands for no base
	for n := range 60 {
		base := trees[max(0, rng.IntN(len(trees)+2)-2)]
		var fresh []byte
		for i := range rng.IntN(8) {
			c := children[rng.IntN(len(children))]
			fresh = append(fresh, treeData([]treeLine{{fmt.Sprintf("%s%d.%d", c.name, n, i), c.id}})...)
		}
		text, delta := deriveTree(rng, texts[base], fresh)
		id := objectID(pack.Tree, text)
		if texts[id] != nil || len(text) == 0 {
			continue
		}
		entry := packed{id: id, kind: pack.Tree, body: text, size: -1}
		if !base.IsZero() {
			entry = packed{id: id, kind: offsetDelta, base: base, body: delta, size: -1}
		}
		p.entries = append(p.entries, entry)
		texts[id], trees = text, append(trees, id)
		children = append(children, treeLine{"40000 ", id})
	}
	return p, wanted
}

// deriveTree makes a tree of entries of base and of fresh, in any order, and the
// delta for it, whose copies begin and end within entries.
func deriveTree(rng *rand.Rand, base, fresh []byte) (text, delta []byte) {
	type run struct {
		from     []byte // base or fresh
		at, to   int
		inserted bool
	}
	var runs []run
	for _, r := range []run{{base, 0, len(base), false}, {fresh, 0, len(fresh), true}} {
		for entry, ok := nextEntry(r.from, r.at, 20); ok; entry, ok = nextEntry(r.from, r.at, 20) {
			if last := len(runs) - 1; last >= 0 && runs[last].to == r.at && runs[last].inserted == r.inserted && rng.IntN(4) > 0 {
				runs[last].to = entry.end
			} else {
				runs = append(runs, run{r.from, r.at, entry.end, r.inserted})
			}
			r.at = entry.end
		}
	}
	for range rng.IntN(3) {
		i, j := rng.IntN(len(runs)+1), rng.IntN(len(runs)+1)
		switch {
		case max(i, j) == len(runs):
		case rng.IntN(2) == 0:
			runs[i], runs[j] = runs[j], runs[i]
		default:
			runs = slices.Delete(runs, i, i+1)
		}
	}
	var ops [][]byte
	for _, r := range runs {
		for at := r.at; at < r.to; {
			to := min(r.to, at+1+rng.IntN(100))
			if r.inserted {
				ops = append(ops, insertOp(r.from[at:to]))
			} else {
				ops = append(ops, copyOp(at, to-at))
			}
			at = to
		}
		text = append(text, r.from[r.at:r.to]...)
	}
	return text, deltaTo(len(base), len(text), ops...)
}

// deal shares out the records of one worker among three, as if they took over from one
// another.
func deal(rng *rand.Rand, from *treeDiffs) []*scanWorker {
	crew := []*scanWorker{{}, {}, {}}
	for _, w := range crew {
		w.treeDiffs.budget = from.budget
	}
	to, prev := &crew[0].treeDiffs, uint32(0)
	for r := from.readFrom(0); r.pos() < from.size; {
		if rng.IntN(3) == 0 {
			to = &crew[rng.IntN(len(crew))].treeDiffs
		}
		tree, base := r.recordHead(prev)
		to.add(diffOp{kind: begin, num: tree, from: base})
		for e := range from.entries(&r, tree) {
			to.add(e)
		}
		to.add(diffOp{kind: end})
		prev = tree
	}
	return crew
}

// compareChildren compares the children of every tree with those that a look at it
// gives.
func compareChildren(t *testing.T, rng *rand.Rand, v *objectScan, wanted map[uint32]bool) {
	t.Helper()
	stats, err := v.walk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v.merge(stats)
	notes := &v.workers[0].treeDiffs
	v.workers = deal(rng, notes)
	f := &signatures{scan: v}
	if err := f.collect(t.Context(), slices.Collect(maps.Keys(wanted))); err != nil {
		t.Fatal(err)
	}
	type named struct {
		num  uint32
		name uint64
	}
	found := func(num uint32) bool { return f.index[num] > 0 }
	for num := range uint32(v.catalog.Len()) {
		typ, data, err := v.repo.Store.Read(v.catalog.ID(num), 0)
		if err != nil {
			t.Fatal(err)
		}
		if typ != pack.Tree {
			continue
		}
		var want, got []named
		for off := 0; off < len(data); {
			entry, _ := nextEntry(data, off, 20)
			off = entry.end
			if num, ok := v.catalog.FindSum(entry.sum); ok && found(num) {
				want = append(want, named{num, notes.hashName(&entry)})
			}
		}
		if found(num) {
			for c := range f.childrenOf(f.index[num] - 1) {
				got = append(got, named{f.nodes.at(int(c.node)).num, c.name})
			}
		}
		order := func(a, b named) int { return cmp.Or(cmp.Compare(a.num, b.num), cmp.Compare(a.name, b.name)) }
		slices.SortFunc(want, order)
		slices.SortFunc(got, order)
		if !slices.Equal(got, want) {
			t.Errorf("tree %v: children %v, want %v", v.catalog.ID(num), got, want)
		}
		if (len(want) > 0) != found(num) {
			t.Errorf("tree %v: found %v, leads to %d", v.catalog.ID(num), found(num), len(want))
		}
	}
}
