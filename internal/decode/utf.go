package decode

import "bytes"

// Units describes text in UTF-16 or UTF-32: each character, or half of a surrogate pair,
// is a unit of Size bytes. Low is the index of the low byte in it.
type Units struct{ Size, Low int }

// UnitsHead is the number of bytes that identify a text in wide units.
const UnitsHead = 512

// UnitsOf returns the units of a text by its first bytes: a byte order mark, or zeros in
// every other byte.
func UnitsOf(text []byte) (u Units, ok bool) {
	head := text[:min(len(text), UnitsHead)]
	little, big := bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff})
	if bytes.IndexByte(head, 0) >= 0 {
		for _, u := range [2]Units{{4, 0}, {4, 3}} {
			if u.is32(head) {
				return u, true
			}
		}
	}
	switch {
	case little:
		return Units{2, 0}, true
	case big:
		return Units{2, 1}, true
	}
	return units16(head)
}

// is32 reports whether all Units in head are characters, and most of them of 16 bits, or
// the first is a byte order mark.
func (u Units) is32(head []byte) bool {
	small, n := 0, len(head)/u.Size
	marked := false
	for i := range n {
		unit := head[i*u.Size:][:u.Size]
		top, second, third := unit[3-u.Low], unit[2-u.Low/3], unit[1+u.Low/3]
		switch {
		case top != 0 || second > 0x10:
			return false
		case i == 0 && second == 0 && third == 0xfe && unit[u.Low] == 0xff:
			marked = true
		case second == 0 && (third != 0 || unit[u.Low] != 0):
			small++
		}
	}
	return marked || n >= 4 && small*4 > n*3
}

// units16 searches for zeros in every other byte.
func units16(head []byte) (u Units, ok bool) {
	if bytes.IndexByte(head, 0) < 0 {
		return u, false
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	for high := range 2 {
		if len(head) >= 16 && zeros[high]*4 > len(head) && zeros[1-high]*16 < len(head) {
			return Units{2, 1 - high}, true
		}
	}
	return u, false
}

// Narrow appends one byte for each unit of text. Credentials are ASCII, so other units
// become a byte that no rule matches. The second half of a surrogate pair becomes a byte
// that continues a character, because columns are counted in characters.
func (u Units) Narrow(out, text []byte) []byte {
	for ; len(text) >= u.Size; text = text[u.Size:] {
		c := text[u.Low]
		switch {
		case u.Size == 2 && text[1-u.Low]&0xfc == 0xdc:
			c = 0x80
		case u.Size == 2 && text[1-u.Low] != 0, u.Size == 4 && (text[1] != 0 || text[2] != 0 || text[3-u.Low] != 0), c >= 0x80:
			c = 0xff
		}
		out = append(out, c)
	}
	return out
}
