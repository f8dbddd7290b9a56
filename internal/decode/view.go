package decode

import "slices"

// View is decoded text, with the original position of each byte.
type View struct {
	Text []byte
	Left string  // why the text is incomplete; empty if it is complete
	Work int     // decoded bytes, including intermediate layers
	from []int32 // original offset of each byte, less base
	base int     // added to from
	end  int     // original offset after the last byte
}

// Move shifts the original positions by an offset.
func (v *View) Move(by int) {
	v.base += by
	v.end += by
}

// Unpacked returns a view of text, the unpacked content of v. Positions are mapped in
// proportion.
func (v *View) Unpacked(text []byte, left string) View {
	out := View{Text: text, Left: left, Work: len(v.Text), base: v.base, end: v.end, from: make([]int32, len(text))}
	for i := range out.from {
		out.from[i] = v.from[i*len(v.from)/len(text)]
	}
	return out
}

// Span returns the range of the original that Text[start:end] was decoded from.
func (v *View) Span(start, end int) (from, to int) {
	from = v.origin(start)
	if end > start {
		to = v.origin(end)
	}
	if to <= from { // compressed: several bytes may have one position
		to = v.end
	}
	return from, to
}

// Index returns the index of the first byte of Text that was decoded from offset at of
// the original or later. exact reports whether it was decoded from at.
func (v *View) Index(at int) (i int, exact bool) {
	return slices.BinarySearch(v.from, int32(at-v.base))
}

// Start returns the offset in the original of the first decoded byte.
func (v *View) Start() int {
	if len(v.from) == 0 {
		return v.base
	}
	return v.origin(0)
}

// End returns the offset in the original after the last decoded byte.
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

// addRange adds the bytes of src[from:to] as they are.
func (v *View) addRange(src []byte, from, to int) {
	v.Text = append(v.Text, src[from:to]...)
	n := len(v.from)
	v.from = slices.Grow(v.from, to-from)[:n+to-from]
	for i := range v.from[n:] {
		v.from[n+i] = int32(from + i)
	}
}
