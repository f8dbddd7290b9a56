package history

import (
	"fmt"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// entryOffsets holds the offset of each entry of a tree, and the length of the tree. With
// the offsets of the base, ranges copied from it need no parsing. Workers share the
// slice, so it must not be modified after readTree returns it.
type entryOffsets []uint32

// treeVisitor receives the entries of a tree in order.
type treeVisitor interface {
	// entry is called for an entry that was not copied whole. like is the index of the
	// entry in the base from which the name was copied, or -1.
	entry(entry *treeEntry, like int)
	// copied is called for n entries that are the same as in the base from index first
	// on.
	copied(first, n int)
}

// readTree reads a tree and returns its offsets. base is the result for the delta base of
// e, or nil.
func readTree(e *pack.Entry, idSize int, base entryOffsets, r treeVisitor) (entryOffsets, error) {
	out := make(entryOffsets, 0, len(base)+4)
	seg := 0
	for off := 0; off < len(e.Data); {
		for seg < len(e.Segments) && e.Segments[seg].Off+e.Segments[seg].Len <= int64(off) {
			seg++
		}
		from, copiedTo := copiedEntry(base, e.Segments[seg:], off)
		if from >= 0 {
			if n := copyOffsets(&out, base, from, off, copiedTo-off, r); n > 0 {
				off += n
				continue
			}
		}
		entry, ok := nextEntry(e.Data, off, idSize)
		if !ok {
			return nil, fmt.Errorf("tree %v: damaged at byte %d", e.ID, off)
		}
		if entry.end-idSize > copiedTo {
			from = -1
		}
		r.entry(&entry, from)
		out = append(out, uint32(off))
		off = entry.end
	}
	return append(out, uint32(len(e.Data))), nil
}

// copiedEntry returns the index of the entry in the base that off was copied from, and
// the end of the copied range. The index is -1 if no entry of the base starts there.
func copiedEntry(base entryOffsets, segs []pack.Segment, off int) (index, end int) {
	if len(segs) == 0 || segs[0].From < 0 {
		return -1, off
	}
	s := segs[0]
	index, ok := slices.BinarySearch(base, uint32(int64(off)-s.Off+s.From))
	if !ok {
		return -1, off
	}
	return index, int(s.Off + s.Len)
}

// copyOffsets appends the offsets of the entries from first on that are complete in the n
// bytes copied to off, and returns their length.
func copyOffsets(out *entryOffsets, base entryOffsets, first, off, n int, r treeVisitor) int {
	last, ok := slices.BinarySearch(base, base[first]+uint32(n))
	if !ok {
		last-- // the entry is incomplete
	}
	if last <= first {
		return 0
	}
	shift := uint32(off) - base[first]
	at := len(*out)
	*out = append(*out, base[first:last]...)
	for i := at; i < len(*out); i++ {
		(*out)[i] += shift
	}
	r.copied(first, last-first)
	return int(base[last] - base[first])
}
