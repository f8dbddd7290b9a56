package history

import (
	"hash/maphash"
	"iter"

	"github.com/keyguard/keyguard/internal/bitset"
)

// lineage notes of the trees that a surveyor reads how the entries of each differ from
// those of its base, the tree that it was made from. So attribution need not read trees
// again. Most differ in one entry.
//
// There is a record for each tree: its number, that of its base, its entries in order,
// and a zero. A run of entries that are the base's takes one number: how many. If it does
// not begin where the last one ended, a number before it tells where. An entry with a name
// of the base's and another object takes one, for the object; one that is all new takes
// two, for object and name. Objects and names are told by their distance from the last.
//
// The records of the trees made from one follow its own, as a walk goes depth first, but
// for those that another worker takes over.
type lineage struct {
	notes
	names
	seed maphash.Seed
	tree uint32     // of the record that is being written
	last entryState // in it

	stretches []stretch
	stack     []uint32 // the last tree, its base, the base of that and so on, from the top
}

// entryState is what the next entry of a record is told by.
type entryState struct {
	at     uint32 // behind the last of the base's entries that was told of
	object uint32
	name   uint32
}

// run is entries of a tree that stand together, or where its record begins or ends.
type run struct {
	kind runKind
	pos  uint32 // of the first in the tree
	n    uint32 // one, unless they are the base's
	from uint32 // in the base: the first of them, or the one with the same name
	num  uint32 // of the object, or noObject
	name uint64 // a hash of it
}

type runKind uint8

const (
	copied  runKind = iota // entries of the base
	skip                   // none, but what comes next is elsewhere in the base
	renewed                // an entry with a name of the base's, and another object
	added                  // an entry that is all new
	begins                 // num is that of the tree, from that of its base or noObject
	ends

	kindBits = 2 // of those that are told apart in a record
)

// note writes what comes next in a record.
func (l *lineage) note(r run) {
	if r.kind == copied || r.kind == renewed {
		l.skip(r.from)
	}
	switch r.kind {
	case begins:
		l.divide(r.num, r.from)
		l.put(near(r.num, l.tree))
		l.tree, l.last = r.num, entryState{object: r.num}
		if r.from == noObject {
			l.put(0)
		} else {
			l.put(1 + near(r.from, r.num))
		}
	case copied:
		l.put(uint64(r.n) << kindBits)
		l.last.at += r.n
	case renewed:
		l.object(r)
		l.last.at++
	case added:
		l.object(r)
		l.name(r.name)
	case ends:
		l.put(0)
		l.stretches[len(l.stretches)-1].to = l.n
	}
}

// divide begins another stretch where that is needed.
func (l *lineage) divide(tree, base uint32) {
	for len(l.stack) > 0 && l.stack[len(l.stack)-1] != base {
		l.stack = l.stack[:len(l.stack)-1]
	}
	if n := len(l.stretches); len(l.stack) == 0 && (n == 0 || base != noObject || l.stretches[n-1].base != noObject) {
		l.stretches = append(l.stretches, stretch{l: l, from: l.n, prev: l.tree, base: base})
	}
	l.stack = append(l.stack, tree)
}

// hash returns that of a name, which tells folders from files as well.
func (l *lineage) hash(entry *treeEntry) uint64 {
	h := maphash.Bytes(l.seed, entry.name)
	if entry.isTree() {
		h = ^h
	}
	return h
}

// skip goes to an entry of the base.
func (l *lineage) skip(to uint32) {
	if to != l.last.at {
		l.put(near(to, l.last.at)<<kindBits | uint64(skip))
		l.last.at = to
	}
}

// object notes the object of an entry.
func (l *lineage) object(r run) {
	code := uint64(0)
	if r.num != noObject {
		code = 1 + near(r.num, l.last.object)
		l.last.object = r.num
	}
	l.put(code<<kindBits | uint64(r.kind))
}

// name notes the name of an entry.
func (l *lineage) name(hash uint64) {
	if i, ok := l.number(hash, l.last.name); ok {
		l.put(1 + near(i, l.last.name))
		l.last.name = i
	} else {
		l.put(0)
		l.put(hash)
	}
}

// head reads the beginning of a record: which tree it is of, and the base or noObject.
// prev is the tree of the record before, or 0.
func (r *reader) head(prev uint32) (tree, base uint32) {
	tree, base = nearTo(prev, r.next()), noObject
	if code := r.next(); code > 0 {
		base = nearTo(tree, code-1)
	}
	return tree, base
}

// entries yields the entries of a tree, whose head was read.
func (l *lineage) entries(r *reader, tree uint32) iter.Seq[run] {
	return func(yield func(run) bool) {
		last := entryState{object: tree}
		pos := uint32(0)
		for token := r.next(); token > 0; token = r.next() {
			kind, code := runKind(token%(1<<kindBits)), token>>kindBits
			if kind == skip {
				last.at = nearTo(last.at, code)
				continue
			}
			e := run{kind: kind, pos: pos, n: 1, from: last.at, num: noObject}
			switch {
			case kind == copied:
				e.n = uint32(code)
			case code > 0:
				last.object = nearTo(last.object, code-1)
				e.num = last.object
			}
			if kind == added {
				e.name = l.nextName(r, &last)
			} else {
				last.at += e.n
			}
			if pos += e.n; !yield(e) {
				return
			}
		}
	}
}

// nextName reads the hash of a name.
func (l *lineage) nextName(r *reader, last *entryState) uint64 {
	code := r.next()
	if code == 0 {
		return r.next()
	}
	last.name = nearTo(last.name, code-1)
	return l.hashes[last.name]
}

// anyNew goes through the entries of a tree, whose head was read, and reports whether a
// new one is an object of a set. It is what entries would tell, in a fraction of the
// time.
func (r *reader) anyNew(set bitset.Set, tree uint32) (found bool) {
	object := tree
	for token := r.next(); token > 0; token = r.next() {
		kind, code := runKind(token%(1<<kindBits)), token>>kindBits
		if kind < renewed {
			continue
		}
		if code > 0 {
			object = nearTo(object, code-1)
			found = found || set.Has(object)
		}
		if kind == added && r.next() == 0 {
			r.next()
		}
	}
	return found
}
