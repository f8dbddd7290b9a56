package history

import (
	"fmt"

	"github.com/keyguard/keyguard/internal/pack"
)

// pendingLookups holds operations for treeDiffs until the numbers of their objects are
// known. A lookup waits for memory; many in one batch wait together.
type pendingLookups struct {
	ops     []diffOp
	sums    []byte // concatenated IDs of the lookups
	names   []byte // concatenated names of the lookups
	lookups []lookup
}

// lookup is a search for the number of an object.
type lookup struct {
	tree   uint32
	file   bool
	op     int // index of the operation that needs the number
	nameTo int // end of its name in names
}

// A batch ends with maxLookups lookups or maxOps operations.
const (
	maxLookups = 64
	maxOps     = 4 * maxLookups
)

// treeRecorder queues the entries of a tree.
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
	if p := &r.w.pending; !entry.isGitlink() {
		p.sums = append(p.sums, entry.sum...)
		p.names = append(p.names, entry.name...)
		p.lookups = append(p.lookups, lookup{r.tree, entry.isFile(), len(p.ops), len(p.names)})
	}
	r.w.queue(op)
}

// queue appends an operation, and flushes a full batch.
func (w *scanWorker) queue(op diffOp) {
	p := &w.pending
	p.ops = append(p.ops, op)
	if len(p.lookups) == maxLookups || len(p.ops) >= maxOps {
		w.flush()
	}
}

// flush looks up the objects and writes the operations to treeDiffs.
func (w *scanWorker) flush() {
	p, from := &w.pending, 0
	w.scan.catalog.FindSums(p.sums, func(i int, num uint32, ok bool) {
		at := p.lookups[i]
		name := p.names[from:at.nameTo]
		from = at.nameTo
		if ok {
			p.ops[at.op].num = num
			if !at.file {
				w.scan.childTrees.Add(num)
			}
		}
		switch {
		case ok && at.file && w.scan.scanner.MaySensitive(name):
			w.namedBlobs[namedBlob{num, string(name)}] = true
		case !ok && !w.scan.partial: // for selected commits, git rev-list lists missing objects
			size := w.scan.repo.Store.Format().Size()
			w.missing.add(pack.NewID(p.sums[i*size:][:size]), fmt.Sprintf("%q in tree %v", name, w.scan.catalog.ID(at.tree)))
		}
	})
	for _, op := range p.ops {
		w.treeDiffs.add(op)
	}
	p.ops, p.sums, p.names, p.lookups = p.ops[:0], p.sums[:0], p.names[:0], p.lookups[:0]
}
