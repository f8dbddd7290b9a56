package gitrepo

import (
	"hash/maphash"
	"math"
	"sync/atomic"
)

// lineage notes of the trees that a surveyor reads how the entries of each differ from
// those of the tree that it was made from, so that attribution need not read trees
// again. Most differ in one.
//
// It is a sequence of 32-bit words, with a record for each tree: its number, that of
// its base or noObject, the number of words that follow, and what its entries are, in
// order. A new entry takes two words, the number of its object, or unknown, and its
// name. Entries that are the base's take one: copied, at which of them they begin, and
// their number less one. The records of the trees made from one follow its own, as a
// walk goes depth first, but for those that another worker takes over.
type lineage struct {
	seed    maphash.Seed
	pieces  []*[pieceSize]uint32
	n       int // words
	records int
	room    *atomic.Int64 // words that all surveyors may yet take; a piece at a time
	cut     bool          // there was none, and records are left out
}

const (
	pieceSize = 1 << 14
	headSize  = 3

	unknown = 1<<31 - 1 // above the numbers of objects

	copied    = 1 << 31
	countBits = 9 // 22 remain for where copied entries begin: trees that are read have fewer
	maxCount  = 1 << countBits
)

// nameTree is a part of a name's hash: the entry is a folder.
const nameTree = 1

// maxWords bounds what all surveyors note of n objects: 256 MiB and 512 bytes an object.
// Packs that git made take some 15 words an object, but a large folder takes two for each
// entry wherever it is no delta; bombs may hold trees of millions of entries each.
func maxWords(n int) int64 { return min(1<<26+128*int64(n), math.MaxInt32) }

func (l *lineage) at(i int) *uint32 { return &l.pieces[i/pieceSize][i%pieceSize] }

func (l *lineage) put(word uint32) {
	if l.n/pieceSize == len(l.pieces) {
		l.cut = l.room.Add(-pieceSize) < 0 || l.cut
		l.pieces = append(l.pieces, new([pieceSize]uint32))
	}
	*l.at(l.n) = word
	l.n++
}

// begin begins the record of a tree.
func (l *lineage) begin(tree, base uint32) (start int) {
	start = l.n
	l.put(tree)
	l.put(base)
	l.put(0)
	return start
}

// fresh notes an entry that is new. Its number belongs at the returned place.
func (l *lineage) fresh(entry *treeEntry) (at int) {
	at = l.n
	l.put(unknown)
	l.put(l.name(entry))
	return at
}

// name returns a hash of an entry's name, which tells folders from files as well.
func (l *lineage) name(entry *treeEntry) uint32 {
	h := uint32(maphash.Bytes(l.seed, entry.name)) &^ nameTree
	if entry.isTree() {
		h |= nameTree
	}
	return h
}

// copied notes that n entries are the base's, from one on.
func (l *lineage) copied(first, n int) {
	for ; n > 0; first, n = first+maxCount, n-maxCount {
		l.put(copied | uint32(first)<<countBits | uint32(min(n, maxCount)-1))
	}
}

// end ends a record, unless there was no room for it or one before it.
func (l *lineage) end(start int) (ok bool) {
	if l.cut {
		return false
	}
	*l.at(start + headSize - 1) = uint32(l.n - start - headSize)
	l.records++
	return true
}

// drop takes back a record that was not ended.
func (l *lineage) drop(start int) { l.n = start }

// words returns where a record's words begin and end.
func (l *lineage) words(start int) (from, to int) {
	from = start + headSize
	return from, from + int(*l.at(from - 1))
}
