package history

import (
	"bytes"
	"context"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// listing collects the objects that commits bring: those that a commit has at a path
// where each of its parents has another or none. That includes objects that come back,
// or come from another path, which git rev-list leaves out.
type changedObjects struct {
	scan    *objectScan
	ids     []pack.ID
	roots   map[pack.ID]pack.ID // trees of the commits that were read
	pending []treeComparison
	seen    map[string]bool    // comparisons, by their ids
	recent  map[pack.ID][]byte // trees; those of a commit are mostly the old ones of its child
}

// compared is a tree and those that the parents of its commit have in its place.
type treeComparison struct {
	tree pack.ID
	olds []pack.ID
}

func newChangedObjects(o *objectScan) *changedObjects {
	return &changedObjects{scan: o, roots: make(map[pack.ID]pack.ID), seen: make(map[string]bool), recent: make(map[pack.ID][]byte)}
}

// commit adds a commit and the objects that it brings.
func (l *changedObjects) addCommit(ctx context.Context, id pack.ID) error {
	l.ids = append(l.ids, id)
	_, data, err := l.scan.repo.Store.Read(id, maxObject)
	if err != nil {
		return nil // the walk reports it
	}
	h, ok := parseCommit(data)
	if !ok {
		return nil // likewise
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

// root returns the tree of a commit; zero if it cannot be read.
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

// object adds an object that was named itself, and all within it.
func (l *changedObjects) addNamed(ctx context.Context, id pack.ID) error {
	typ, _, err := l.scan.repo.Store.Header(id)
	if err == nil && typ == pack.Tree {
		return l.addTree(ctx, id, nil)
	}
	l.ids = append(l.ids, id)
	return nil
}

// tree adds a tree and the objects within it that none of the others has in their place.
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

// compare adds a tree that differs from the others, whose entries are then compared, once.
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

// entries adds the entries of a tree that differ from those of all others. A tree that
// cannot be read is reported by the walk; another counts as empty.
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

// manyRecent is how many trees are kept, maxRecent the size of the largest of them.
const (
	maxRecentTrees = 256
	maxRecentSize  = 64 << 10
)

// read returns a tree; nil if the id is zero or it cannot be read.
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

// difference is an entry of a tree, and the object that another tree has under its name,
// or zero.
type changedEntry struct {
	treeEntry
	old pack.ID
}

// inBoth returns the differences that are in two lists, and adds the old objects of the
// second to those of the first.
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

// newEntries returns the entries of a tree that another has not. The entries that both
// begin and end with are passed over.
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

// block is how many bytes of trees are compared at once.
const compareBlock = 256

// commonEnd returns how many bytes two texts end with alike.
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

// commonEntries returns the length of the entries that two trees begin with.
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

// compareNames compares entries in the order of git, in which a tree's name ends with a
// slash.
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
