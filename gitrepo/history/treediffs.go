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
type treeDiffs struct {
	varintLog
	nameTable
	seed maphash.Seed
	tree uint32    // of the record that is being written
	last diffState // in it

	ranges []recordRange
	stack  []uint32 // the last tree, its base, the base of that and so on, from the top
}

// entryState is what the next entry of a record is told by.
type diffState struct {
	next   uint32 // behind the last of the base's entries that was told of
	object uint32
	name   uint32
}

// run is entries of a tree that stand together, or where its record begins or ends.
type diffOp struct {
	kind opKind
	pos  uint32 // of the first in the tree
	n    uint32 // one, unless they are the base's
	from uint32 // in the base: the first of them, or the one with the same name
	num  uint32 // of the object, or noObject
	name uint64 // a hash of it
}

type opKind uint8

const (
	copied   opKind = iota // entries of the base
	skip                   // none, but what comes next is elsewhere in the base
	replaced               // an entry with a name of the base's, and another object
	added                  // an entry that is all new
	begin                  // num is that of the tree, from that of its base or noObject
	end

	kindBits = 2 // of those that are told apart in a record
)

// note writes what comes next in a record.
func (d *treeDiffs) add(r diffOp) {
	if r.kind == copied || r.kind == replaced {
		d.moveTo(r.from)
	}
	switch r.kind {
	case begin:
		d.startRange(r.num, r.from)
		d.put(encodeDistance(r.num, d.tree))
		d.tree, d.last = r.num, diffState{object: r.num}
		if r.from == noObject {
			d.put(0)
		} else {
			d.put(1 + encodeDistance(r.from, r.num))
		}
	case copied:
		d.put(uint64(r.n) << kindBits)
		d.last.next += r.n
	case replaced:
		d.putObject(r)
		d.last.next++
	case added:
		d.putObject(r)
		d.putName(r.name)
	case end:
		d.put(0)
		d.ranges[len(d.ranges)-1].to = d.size
	}
}

// divide begins another stretch where that is needed.
func (d *treeDiffs) startRange(tree, base uint32) {
	for len(d.stack) > 0 && d.stack[len(d.stack)-1] != base {
		d.stack = d.stack[:len(d.stack)-1]
	}
	if n := len(d.ranges); len(d.stack) == 0 && (n == 0 || base != noObject || d.ranges[n-1].base != noObject) {
		d.ranges = append(d.ranges, recordRange{diffs: d, from: d.size, prev: d.tree, base: base})
	}
	d.stack = append(d.stack, tree)
}

// hash returns that of a name, which tells folders from files as well.
func (d *treeDiffs) hashName(entry *treeEntry) uint64 {
	h := maphash.Bytes(d.seed, entry.name)
	if entry.isTree() {
		h = ^h
	}
	return h
}

// skip goes to an entry of the base.
func (d *treeDiffs) moveTo(to uint32) {
	if to != d.last.next {
		d.put(encodeDistance(to, d.last.next)<<kindBits | uint64(skip))
		d.last.next = to
	}
}

// object notes the object of an entry.
func (d *treeDiffs) putObject(r diffOp) {
	code := uint64(0)
	if r.num != noObject {
		code = 1 + encodeDistance(r.num, d.last.object)
		d.last.object = r.num
	}
	d.put(code<<kindBits | uint64(r.kind))
}

// name notes the name of an entry.
func (d *treeDiffs) putName(hash uint64) {
	if i, ok := d.number(hash, d.last.name); ok {
		d.put(1 + encodeDistance(i, d.last.name))
		d.last.name = i
	} else {
		d.put(0)
		d.put(hash)
	}
}

// head reads the beginning of a record: which tree it is of, and the base or noObject.
// prev is the tree of the record before, or 0.
func (r *logReader) recordHead(prev uint32) (tree, base uint32) {
	tree, base = decodeDistance(prev, r.next()), noObject
	if code := r.next(); code > 0 {
		base = decodeDistance(tree, code-1)
	}
	return tree, base
}

// entries yields the entries of a tree, whose head was read.
func (d *treeDiffs) entries(r *logReader, tree uint32) iter.Seq[diffOp] {
	return func(yield func(diffOp) bool) {
		last := diffState{object: tree}
		pos := uint32(0)
		for token := r.next(); token > 0; token = r.next() {
			kind, code := opKind(token%(1<<kindBits)), token>>kindBits
			if kind == skip {
				last.next = decodeDistance(last.next, code)
				continue
			}
			e := diffOp{kind: kind, pos: pos, n: 1, from: last.next, num: noObject}
			switch {
			case kind == copied:
				e.n = uint32(code)
			case code > 0:
				last.object = decodeDistance(last.object, code-1)
				e.num = last.object
			}
			if kind == added {
				e.name = d.nextName(r, &last)
			} else {
				last.next += e.n
			}
			if pos += e.n; !yield(e) {
				return
			}
		}
	}
}

// nextName reads the hash of a name.
func (d *treeDiffs) nextName(r *logReader, last *diffState) uint64 {
	code := r.next()
	if code == 0 {
		return r.next()
	}
	last.name = decodeDistance(last.name, code-1)
	return d.hashes[last.name]
}

// anyNew goes through the entries of a tree, whose head was read, and reports whether a
// new one is an object of a set. It is what entries would tell, in a fraction of the
// time.
func (r *logReader) anyNew(set bitset.Set, tree uint32) (found bool) {
	object := tree
	for token := r.next(); token > 0; token = r.next() {
		kind, code := opKind(token%(1<<kindBits)), token>>kindBits
		if kind < replaced {
			continue
		}
		if code > 0 {
			object = decodeDistance(object, code-1)
			found = found || set.Has(object)
		}
		if kind == added && r.next() == 0 {
			r.next()
		}
	}
	return found
}

// stretch is records of a lineage, each of a tree that was made from one before it or from
// none. But what a worker took over from another has the base of its first tree elsewhere.
type recordRange struct {
	diffs    *treeDiffs
	from, to int
	prev     uint32 // the tree of the record before, or 0
	base     uint32 // that is elsewhere, or noObject
}
