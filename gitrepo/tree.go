package gitrepo

import (
	"fmt"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
)

// marks are the offsets at which a tree's entries begin, and that of its end.
// With those of its base, a tree made from it need not be read where it was
// copied. They are never written to once readTree has returned them: workers share them.
type marks []uint32

// treeReader is told of a tree's entries, in order.
type treeReader interface {
	// fresh is told of an entry that is not copied whole from the base.
	fresh(entry *treeEntry)
	// copied is told that n entries are the base's, from that with index first on.
	copied(first, n int)
}

// readTree goes through a tree and returns its marks. base is what it returned
// for the tree that e was made from.
func readTree(e *pack.Entry, idSize int, base marks, r treeReader) (marks, error) {
	out := make(marks, 0, len(base)+4)
	seg := 0
	for off := 0; off < len(e.Data); {
		for seg < len(e.Segments) && e.Segments[seg].Off+e.Segments[seg].Len <= int64(off) {
			seg++
		}
		if seg < len(e.Segments) && e.Segments[seg].From >= 0 {
			if n := copyMarks(&out, base, e.Segments[seg], off, r); n > 0 {
				off += n
				continue
			}
		}
		entry, ok := nextEntry(e.Data, off, idSize)
		if !ok {
			return nil, fmt.Errorf("tree %v: damaged at byte %d", e.ID, off)
		}
		r.fresh(&entry)
		out = append(out, uint32(off))
		off = entry.end
	}
	return append(out, uint32(len(e.Data))), nil
}

// copyMarks takes over the marks of the entries from off on that lie whole in a
// copied segment, and returns their length. There are none unless an entry of
// the base begins at the place that off was copied from.
func copyMarks(out *marks, base marks, s pack.Segment, off int, r treeReader) int {
	shift := int(s.Off - s.From)
	first, ok := slices.BinarySearch(base, uint32(off-shift))
	if !ok {
		return 0
	}
	last, ok := slices.BinarySearch(base, uint32(s.From+s.Len))
	if !ok {
		last-- // the entry that the segment's end cuts
	}
	if last <= first {
		return 0
	}
	at := len(*out)
	*out = append(*out, base[first:last]...)
	for i := at; i < len(*out); i++ {
		(*out)[i] += uint32(shift)
	}
	r.copied(first, last-first)
	return int(base[last] - base[first])
}
