package history

import (
	"bytes"
	"context"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// changedObjects collects the objects that commits change: an object counts if a commit
// has it at a path where each of its parents has another object or none. That includes an
// object that comes back, or comes from another path, which git rev-list omits.
type changedObjects struct {
	scan    *objectScan
	ids     []pack.ID
	roots   map[pack.ID]pack.ID // root trees, by commit
	pending []treeComparison
	seen    map[string]bool    // finished comparisons, by their IDs
	recent  map[pack.ID][]byte // cache of trees: the trees of a commit are usually compared with its child
}

// treeComparison is a tree and the trees at the same path in the parents.
type treeComparison struct {
	tree pack.ID
	olds []pack.ID
}

func newChangedObjects(o *objectScan) *changedObjects {
	return &changedObjects{scan: o, roots: make(map[pack.ID]pack.ID), seen: make(map[string]bool), recent: make(map[pack.ID][]byte)}
}

// addCommit adds a commit and the objects that it changes.
func (l *changedObjects) addCommit(ctx context.Context, id pack.ID) error {
	l.ids = append(l.ids, id)
	_, data, err := l.scan.repo.Store.Read(id, maxObject)
	if err != nil {
		return nil // the walk reports it
	}
	h, ok := parseCommit(data)
	if !ok {
		return nil // the walk reports it
	}
	l.roots[id] = h.tree
	parents := h.parents
	if l.scan.shallow[id] {
		parents = nil
	}
	var olds []pack.ID
	for _, p := range parents {
		olds = append(olds, l.rootTree(p))
	}
	return l.addTree(ctx, h.tree, olds)
}

// rootTree returns the tree of a commit, or zero if it cannot be read.
func (l *changedObjects) rootTree(commit pack.ID) pack.ID {
	tree, ok := l.roots[commit]
	if !ok {
		if _, data, err := l.scan.repo.Store.Read(commit, maxObject); err == nil {
			h, _ := parseCommit(data)
			tree = h.tree
		}
		l.roots[commit] = tree
	}
	return tree
}

// addNamed adds an object that an argument names, and all objects in it.
func (l *changedObjects) addNamed(ctx context.Context, id pack.ID) error {
	typ, _, err := l.scan.repo.Store.Header(id)
	if err == nil && typ == pack.Tree {
		return l.addTree(ctx, id, nil)
	}
	l.ids = append(l.ids, id)
	return nil
}

// addTree adds a tree, and the objects in it that no old tree has at the same path.
func (l *changedObjects) addTree(ctx context.Context, id pack.ID, olds []pack.ID) error {
	l.compare(treeComparison{id, olds})
	for len(l.pending) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c := l.pending[len(l.pending)-1]
		l.pending = l.pending[:len(l.pending)-1]
		l.compareEntries(c)
	}
	return nil
}

// compare adds a tree that differs from all old ones. Its entries are compared later,
// once.
func (l *changedObjects) compare(c treeComparison) {
	if slices.Contains(c.olds, c.tree) {
		return
	}
	key := c.tree.Bytes()
	for _, old := range c.olds {
		key = append(key, old.Bytes()...)
	}
	if !l.seen[string(key)] {
		l.seen[string(key)] = true
		l.ids = append(l.ids, c.tree)
		l.pending = append(l.pending, c)
	}
}

// compareEntries adds the entries of a tree that differ from all old trees. The walk
// reports a tree that cannot be read; an old one counts as empty.
func (l *changedObjects) compareEntries(c treeComparison) {
	tree, size := l.readTree(c.tree), l.scan.repo.Store.Format().Size()
	first, rest := pack.ID{}, []pack.ID(nil)
	if len(c.olds) > 0 {
		first, rest = c.olds[0], c.olds[1:]
	}
	news := changedEntries(tree, l.readTree(first), size)
	olds := make([][]pack.ID, len(news))
	for i := range news {
		olds[i] = append(olds[i], news[i].old)
	}
	for _, old := range rest {
		news, olds = intersect(news, olds, changedEntries(tree, l.readTree(old), size))
	}
	for i, d := range news {
		switch id := pack.NewID(d.sum); {
		case d.isGitlink():
		case d.isTree():
			l.compare(treeComparison{id, olds[i]})
		default:
			l.ids = append(l.ids, id)
		}
	}
}

// Limits of the cache: the number of trees, and the size of a tree.
const (
	maxRecentTrees = 256
	maxRecentSize  = 64 << 10
)

// readTree returns a tree, or nil if the ID is zero or the tree cannot be read.
func (l *changedObjects) readTree(id pack.ID) []byte {
	data, ok := l.recent[id]
	if ok || id.IsZero() {
		return data
	}
	typ, data, err := l.scan.repo.Store.Read(id, maxObject)
	if err != nil || typ != pack.Tree {
		return nil
	}
	if len(l.recent) == maxRecentTrees {
		clear(l.recent)
	}
	if len(data) <= maxRecentSize {
		l.recent[id] = data
	}
	return data
}

// changedEntry is an entry of a tree, and the object of that name in another tree, or
// zero.
type changedEntry struct {
	treeEntry
	old pack.ID
}

// intersect returns the entries that are in both lists, and appends the old objects of
// the second list to olds.
func intersect(a []changedEntry, olds [][]pack.ID, b []changedEntry) (out []changedEntry, outOlds [][]pack.ID) {
	for i, d := range a {
		for len(b) > 0 && b[0].end < d.end {
			b = b[1:]
		}
		if len(b) > 0 && b[0].end == d.end {
			out, outOlds = append(out, d), append(outOlds, append(olds[i], b[0].old))
		}
	}
	return out, outOlds
}

// changedEntries returns the entries of a tree that an old one lacks. It skips the
// entries that both begin and end with.
func changedEntries(tree, old []byte, size int) (out []changedEntry) {
	off, was, alike := 0, 0, commonSuffix(tree, old)
	for {
		n := commonPrefix(tree[off:], old[was:], size)
		off, was = off+n, was+n
		if off == len(tree) || len(tree)-off <= alike && len(tree)-off == len(old)-was {
			return out
		}
		e, ok := nextEntry(tree, off, size)
		if !ok {
			return out // the walk reports it
		}
		d, same := changedEntry{treeEntry: e}, false
		off = e.end
		for was < len(old) {
			o, ok := nextEntry(old, was, size)
			order := 1
			if ok {
				order = compareNames(&o, &e)
			}
			if order > 0 {
				break
			}
			was = o.end
			if order == 0 && o.isFile() == e.isFile() && !o.isGitlink() {
				same, d.old = bytes.Equal(o.sum, e.sum), pack.NewID(o.sum)
			}
		}
		if !same {
			out = append(out, d)
		}
	}
}

// compareBlock is the number of bytes of trees that are compared at once.
const compareBlock = 256

// commonSuffix returns the length of the longest common suffix.
func commonSuffix(a, b []byte) int {
	n, most := 0, min(len(a), len(b))
	for n+compareBlock <= most && bytes.Equal(a[len(a)-n-compareBlock:len(a)-n], b[len(b)-n-compareBlock:len(b)-n]) {
		n += compareBlock
	}
	for n < most && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// commonPrefix returns the length of the entries that two trees begin with.
func commonPrefix(a, b []byte, size int) int {
	n, most := 0, min(len(a), len(b))
	for n+compareBlock <= most && bytes.Equal(a[n:n+compareBlock], b[n:n+compareBlock]) {
		n += compareBlock
	}
	for n < most && a[n] == b[n] {
		n++
	}
	const mode = len("40000 ")
	off := 0
	for off+mode < n {
		nul := bytes.IndexByte(a[off+mode:n], 0)
		if nul < 0 || off+mode+nul+1+size > n {
			break
		}
		off += mode + nul + 1 + size
	}
	return off
}

// compareNames compares entries in the order of git, in which the name of a tree ends
// with a slash.
func compareNames(a, b *treeEntry) int {
	n := min(len(a.name), len(b.name))
	if c := bytes.Compare(a.name[:n], b.name[:n]); c != 0 {
		return c
	}
	return int(nameByte(a, n)) - int(nameByte(b, n))
}

func nameByte(e *treeEntry, i int) byte {
	switch {
	case i < len(e.name):
		return e.name[i]
	case e.isTree():
		return '/'
	}
	return 0
}
