package decode

// View is decoded text and where it came from.
type View struct {
	Text []byte
	from []int32 // of each byte, the offset of what it was decoded from
	base int     // is added to those
	end  int     // offset after what the last byte was decoded from
}

// Span returns the part of the original that Text[start:end] was decoded from.
func (v *View) Span(start, end int) (from, to int) {
	from = v.origin(start)
	if end > start {
		to = v.origin(end)
	}
	if to <= from { // compressed: a byte comes from no place of its own
		to = v.end
	}
	return from, to
}

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
