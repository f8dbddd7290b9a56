package history

import (
	"fmt"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// marks are the offsets at which a tree's entries begin, and that of its end.
// With those of its base, a tree made from it need not be read where it was
// copied. They are never written to once readTree has returned them: workers share them.
type entryOffsets []uint32

// treeReader is told of a tree's entries, in order.
type treeVisitor interface {
	// fresh is told of an entry that is not copied whole from the base, and which of
	// the base's entries has the same name, if that was copied, or -1.
	entry(entry *treeEntry, like int)
	// copied is told that n entries are the base's, from that with index first on.
	copied(first, n int)
}

// readTree goes through a tree and returns its marks. base is what it returned
// for the tree that e was made from.
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

// origin returns which of the base's entries begins at the place that off was copied
// from, and where the copy ends. It is -1 if there is none.
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

// copyMarks takes over the marks of the base's entries from first on that lie whole in
// the n bytes that were copied to off, and returns their length.
func copyOffsets(out *entryOffsets, base entryOffsets, first, off, n int, r treeVisitor) int {
	last, ok := slices.BinarySearch(base, base[first]+uint32(n))
	if !ok {
		last-- // the entry that the segment's end cuts
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
