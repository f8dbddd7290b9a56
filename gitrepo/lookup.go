package gitrepo

import (
	"fmt"

	"github.com/keyguard/keyguard/internal/pack"
)

// lookups are entries of trees whose objects are still to be looked for. Each look
// waits for memory; many at once wait together.
type lookups struct {
	sums  []byte // end to end
	names []byte // end to end
	list  []lookup
}

type lookup struct {
	tree   uint32
	file   bool
	nameTo int // end of the name in names
	noteAt int // where the lineage has its number
}

// manyLookups is how many wait for one another.
const manyLookups = 64

// treeChecker notes a tree's entries, and looks for the objects that new ones name.
type treeChecker struct {
	w    *surveyor
	tree uint32
}

func (c *treeChecker) copied(first, n int) { c.w.lineage.copied(first, n) }

func (c *treeChecker) fresh(entry *treeEntry) {
	at := c.w.lineage.fresh(entry)
	if entry.isGitlink() {
		return
	}
	l := &c.w.lookups
	l.sums = append(l.sums, entry.sum...)
	l.names = append(l.names, entry.name...)
	l.list = append(l.list, lookup{c.tree, entry.isFile(), len(l.names), at})
	if len(l.list) == manyLookups {
		c.w.lookUp()
	}
}

// lookUp looks for the objects that wait for it.
func (w *surveyor) lookUp() {
	l, from := &w.lookups, 0
	w.v.catalog.FindSums(l.sums, func(i int, num uint32, ok bool) {
		at := l.list[i]
		name := l.names[from:at.nameTo]
		from = at.nameTo
		if ok {
			*w.lineage.at(at.noteAt) = num
		}
		switch {
		case ok && at.file && w.v.scanner.MaySensitive(name):
			w.named[namedBlob{num, string(name)}] = true
		case !ok && !w.v.part: // of a part, git rev-list looked already
			size := w.v.repo.store.Format().Size()
			w.missing.note(pack.NewID(l.sums[i*size:][:size]), fmt.Sprintf("%q in tree %v", name, w.v.catalog.ID(at.tree)))
		}
	})
	l.sums, l.names, l.list = l.sums[:0], l.names[:0], l.list[:0]
}
