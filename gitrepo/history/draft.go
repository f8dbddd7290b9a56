package history

import (
	"fmt"

	"github.com/keyguard/keyguard/internal/pack"
)

// draft is what a surveyor will note of trees when it has looked for the objects that
// their new entries name. Each look waits for memory; many at once wait together.
type draft struct {
	runs  []run
	sums  []byte // what to look for, end to end
	names []byte // end to end
	looks []look
}

// look is an object to look for.
type look struct {
	tree   uint32
	file   bool
	run    int // which of the runs waits for its number
	nameTo int // end of the name in names
}

// manyLooks is how many objects wait for one another, manyRuns what waits for them.
const (
	manyLooks = 64
	manyRuns  = 4 * manyLooks
)

// treeChecker notes a tree's entries, and looks for the objects that new ones name.
type treeChecker struct {
	w    *surveyor
	tree uint32
}

func (c *treeChecker) copied(first, n int) {
	c.w.draft(run{kind: copied, from: uint32(first), n: uint32(n)})
}

func (c *treeChecker) fresh(entry *treeEntry, like int) {
	r := run{kind: renewed, from: uint32(like), num: noObject}
	if like < 0 {
		r.kind, r.name = added, c.w.lineage.hash(entry)
	}
	if d := &c.w.drafted; !entry.isGitlink() {
		d.sums = append(d.sums, entry.sum...)
		d.names = append(d.names, entry.name...)
		d.looks = append(d.looks, look{c.tree, entry.isFile(), len(d.runs), len(d.names)})
	}
	c.w.draft(r)
}

// draft notes what comes next, sooner or later.
func (w *surveyor) draft(r run) {
	d := &w.drafted
	d.runs = append(d.runs, r)
	if len(d.looks) == manyLooks || len(d.runs) >= manyRuns {
		w.lookUp()
	}
}

// lookUp looks for the objects that wait for it, and writes the draft down.
func (w *surveyor) lookUp() {
	d, from := &w.drafted, 0
	w.v.catalog.FindSums(d.sums, func(i int, num uint32, ok bool) {
		at := d.looks[i]
		name := d.names[from:at.nameTo]
		from = at.nameTo
		if ok {
			d.runs[at.run].num = num
			if !at.file {
				w.v.held.Add(num)
			}
		}
		switch {
		case ok && at.file && w.v.scanner.MaySensitive(name):
			w.named[namedBlob{num, string(name)}] = true
		case !ok && !w.v.part: // of a part, git rev-list looked already
			size := w.v.repo.Store.Format().Size()
			w.missing.note(pack.NewID(d.sums[i*size:][:size]), fmt.Sprintf("%q in tree %v", name, w.v.catalog.ID(at.tree)))
		}
	})
	for _, r := range d.runs {
		w.lineage.note(r)
	}
	d.runs, d.sums, d.names, d.looks = d.runs[:0], d.sums[:0], d.names[:0], d.looks[:0]
}
