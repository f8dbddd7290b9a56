package decode

import "slices"

// View is decoded text and where it came from.
type View struct {
	Text []byte
	Left string  // why a part was left out; empty if none was
	Work int     // bytes that were decoded on the way to Text
	from []int32 // of each byte, the offset of what it was decoded from
	base int     // is added to those
	end  int     // offset after what the last byte was decoded from
}

// Move adds an offset to where the text came from.
func (v *View) Move(by int) {
	v.base += by
	v.end += by
}

// Unpacked returns the view of what v, which is packed, holds: text. Where a byte of it
// came from is in proportion.
func (v *View) Unpacked(text []byte, left string) View {
	out := View{Text: text, Left: left, Work: len(v.Text), base: v.base, end: v.end, from: make([]int32, len(text))}
	for i := range out.from {
		out.from[i] = v.from[i*len(v.from)/len(text)]
	}
	return out
}

// Span returns the part of the original that Text[start:end] was decoded from.
func (v *View) Span(start, end int) (from, to int) {
	from = v.origin(start)
	if end > start {
		to = v.origin(end)
	}
	if to <= from { // compressed: several bytes may come from one place
		to = v.end
	}
	return from, to
}

// Index returns the index of the first byte of Text that was decoded from
// what is at offset at of the original or behind, and whether that is what it was
// decoded from.
func (v *View) Index(at int) (i int, exact bool) {
	return slices.BinarySearch(v.from, int32(at-v.base))
}

// Start returns the offset in the original where what was decoded begins.
func (v *View) Start() int {
	if len(v.from) == 0 {
		return v.base
	}
	return v.origin(0)
}

// End returns the offset in the original after what was decoded.
func (v *View) End() int { return v.end }

func (v *View) origin(i int) int {
	if i >= len(v.from) {
		return v.end
	}
	return v.base + int(v.from[i])
}

func (v *View) add(c byte, from int) {
	v.Text = append(v.Text, c)
	v.from = append(v.from, int32(from))
}
