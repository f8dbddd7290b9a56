package history

import (
	"hash/maphash"
	"iter"

	"github.com/keyguard/keyguard/internal/bitset"
)

// treeDiffs records how each tree that a worker visits differs from its delta base, so
// that attribution need not read trees again. Most trees differ in one entry.
//
// A record is a sequence of varints:
//
//	tree, base   base is 0 if the tree has no base
//	operations   value<<kindBits | kind
//	0            the end of the record
//
// The kinds of operations are:
//
//	copied    value entries are the same as in the base
//	skip      the next operation refers to another position in the base
//	replaced  an entry has a name of the base and another object
//	added     an entry is new; its name follows as a number, or as 0 and a hash
//
// Numbers are signed distances: a tree from the previous tree, a base and the first
// object from their tree, and any other from the previous one of its kind. If 0 means
// that a value is missing, distances are one more.
//
// Records are in depth-first order: the trees built on a tree follow it, except trees
// that another worker takes over.
type treeDiffs struct {
	varintLog
	nameTable
	seed maphash.Seed
	tree uint32    // of the current record
	last diffState // in the current record

	ranges []recordRange
	stack  []uint32 // the last tree on top, and its chain of bases
}

// diffState holds the values from which the next distances are measured.
type diffState struct {
	next   uint32 // position in the base
	object uint32
	name   uint32
}

// diffOp is an operation of a record, or the begin or end of one.
type diffOp struct {
	kind opKind
	pos  uint32 // index in the tree
	n    uint32 // number of entries; 1 unless copied
	from uint32 // index in the base of the first copied entry, or of the entry with the name
	num  uint32 // of the object, or noObject
	name uint64 // hash of the name
}

type opKind uint8

const (
	copied opKind = iota
	skip
	replaced
	added
	begin // num is the tree; from is its base, or noObject
	end

	kindBits = 2 // for the kinds in a record
)

func (d *treeDiffs) add(op diffOp) {
	if op.kind == copied || op.kind == replaced {
		d.moveTo(op.from)
	}
	switch op.kind {
	case begin:
		d.startRange(op.num, op.from)
		d.put(encodeDistance(op.num, d.tree))
		d.tree, d.last = op.num, diffState{object: op.num}
		if op.from == noObject {
			d.put(0)
		} else {
			d.put(1 + encodeDistance(op.from, op.num))
		}
	case copied:
		d.put(uint64(op.n) << kindBits)
		d.last.next += op.n
	case replaced:
		d.putObject(op)
		d.last.next++
	case added:
		d.putObject(op)
		d.putName(op.name)
	case end:
		d.put(0)
		d.ranges[len(d.ranges)-1].to = d.size
	}
}

// startRange starts another recordRange, unless the current one contains the base, or
// neither it nor the tree has a base.
func (d *treeDiffs) startRange(tree, base uint32) {
	for len(d.stack) > 0 && d.stack[len(d.stack)-1] != base {
		d.stack = d.stack[:len(d.stack)-1]
	}
	if n := len(d.ranges); len(d.stack) == 0 && (n == 0 || base != noObject || d.ranges[n-1].base != noObject) {
		d.ranges = append(d.ranges, recordRange{diffs: d, from: d.size, prev: d.tree, base: base})
	}
	d.stack = append(d.stack, tree)
}

// hashName returns a hash of the name of an entry, which differs for directories and
// files.
func (d *treeDiffs) hashName(entry *treeEntry) uint64 {
	h := maphash.Bytes(d.seed, entry.name)
	if entry.isTree() {
		h = ^h
	}
	return h
}

// moveTo sets the position in the base.
func (d *treeDiffs) moveTo(to uint32) {
	if to != d.last.next {
		d.put(encodeDistance(to, d.last.next)<<kindBits | uint64(skip))
		d.last.next = to
	}
}

func (d *treeDiffs) putObject(op diffOp) {
	code := uint64(0)
	if op.num != noObject {
		code = 1 + encodeDistance(op.num, d.last.object)
		d.last.object = op.num
	}
	d.put(code<<kindBits | uint64(op.kind))
}

func (d *treeDiffs) putName(hash uint64) {
	if i, ok := d.number(hash, d.last.name); ok {
		d.put(1 + encodeDistance(i, d.last.name))
		d.last.name = i
	} else {
		d.put(0)
		d.put(hash)
	}
}

// recordHead reads the tree of a record, and its base or noObject. prev is the tree of
// the previous record, or 0.
func (r *logReader) recordHead(prev uint32) (tree, base uint32) {
	tree, base = decodeDistance(prev, r.next()), noObject
	if code := r.next(); code > 0 {
		base = decodeDistance(tree, code-1)
	}
	return tree, base
}

// entries yields the operations of a record after its head.
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

// anyNew reads a record after its head, and reports whether a replaced or added entry has
// an object of the set. It is much faster than entries.
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

// recordRange is a range of records whose bases are all in the range, except possibly the
// base of the first: if a worker took it over, that base is in a range of another worker.
type recordRange struct {
	diffs    *treeDiffs
	from, to int
	prev     uint32 // tree of the previous record, or 0
	base     uint32 // the base in another range, or noObject
}
