package history

import (
	"fmt"

	"github.com/keyguard/keyguard/internal/pack"
)

// draft is what a surveyor will note of trees when it has looked for the objects that
// their new entries name. Each look waits for memory; many at once wait together.
type pendingLookups struct {
	ops     []diffOp
	sums    []byte // what to look for, end to end
	names   []byte // end to end
	lookups []lookup
}

// look is an object to look for.
type lookup struct {
	tree   uint32
	file   bool
	op     int // which of the runs waits for its number
	nameTo int // end of the name in names
}

// manyLooks is how many objects wait for one another, manyRuns what waits for them.
const (
	maxLookups = 64
	maxOps     = 4 * maxLookups
)

// treeChecker notes a tree's entries, and looks for the objects that new ones name.
type treeRecorder struct {
	w    *scanWorker
	tree uint32
}

func (r *treeRecorder) copied(first, n int) {
	r.w.queue(diffOp{kind: copied, from: uint32(first), n: uint32(n)})
}

func (r *treeRecorder) entry(entry *treeEntry, like int) {
	op := diffOp{kind: replaced, from: uint32(like), num: noObject}
	if like < 0 {
		op.kind, op.name = added, r.w.treeDiffs.hashName(entry)
	}
	if d := &r.w.pending; !entry.isGitlink() {
		d.sums = append(d.sums, entry.sum...)
		d.names = append(d.names, entry.name...)
		d.lookups = append(d.lookups, lookup{r.tree, entry.isFile(), len(d.ops), len(d.names)})
	}
	r.w.queue(op)
}

// draft notes what comes next, sooner or later.
func (w *scanWorker) queue(r diffOp) {
	d := &w.pending
	d.ops = append(d.ops, r)
	if len(d.lookups) == maxLookups || len(d.ops) >= maxOps {
		w.flush()
	}
}

// lookUp looks for the objects that wait for it, and writes the draft down.
func (w *scanWorker) flush() {
	d, from := &w.pending, 0
	w.scan.catalog.FindSums(d.sums, func(i int, num uint32, ok bool) {
		at := d.lookups[i]
		name := d.names[from:at.nameTo]
		from = at.nameTo
		if ok {
			d.ops[at.op].num = num
			if !at.file {
				w.scan.childTrees.Add(num)
			}
		}
		switch {
		case ok && at.file && w.scan.scanner.MaySensitive(name):
			w.namedBlobs[namedBlob{num, string(name)}] = true
		case !ok && !w.scan.partial: // of a part, git rev-list looked already
			size := w.scan.repo.Store.Format().Size()
			w.missing.add(pack.NewID(d.sums[i*size:][:size]), fmt.Sprintf("%q in tree %v", name, w.scan.catalog.ID(at.tree)))
		}
	})
	for _, r := range d.ops {
		w.treeDiffs.add(r)
	}
	d.ops, d.sums, d.names, d.lookups = d.ops[:0], d.sums[:0], d.names[:0], d.lookups[:0]
}
