package redact

import (
	"bytes"
	"cmp"
	"slices"
)

// view is a text of pieces copied from another text, and of bytes inserted between them.
type view struct {
	text   []byte
	first  int // its start in the other text
	pieces []piece
}

// piece is a copied range: n bytes at offset at of the view, from offset from of the
// other text.
type piece struct{ at, from, n int }

func (v *view) copy(text []byte, from, to int) {
	if from < to {
		v.pieces = append(v.pieces, piece{len(v.text), from, to - from})
		v.text = append(v.text, text[from:to]...)
	}
}

// span returns the range of the other text that the range start to end was copied from.
// Inserted bytes count as the bytes that they replace. to is -1 at the end of the other
// text.
func (v *view) span(start, end int) (from, to int) {
	after := func(at int) int { // index of the first piece after at
		i, _ := slices.BinarySearchFunc(v.pieces, at, func(p piece, at int) int { return cmp.Compare(p.at, at+1) })
		return i
	}
	from = v.first
	if i := after(start) - 1; i >= 0 {
		p := v.pieces[i]
		from = p.from + min(start-p.at, p.n)
	}
	i := after(end - 1)
	if i > 0 {
		if p := v.pieces[i-1]; end-p.at <= p.n {
			return from, p.from + end - p.at
		}
	}
	if i < len(v.pieces) {
		return from, v.pieces[i].from
	}
	return from, -1
}

// plain returns text without color sequences (ECMA-48: ESC [ parameters, a letter), and
// false if there are none.
func plain(text []byte) (*view, bool) {
	if !bytes.Contains(text, []byte("\x1b[")) {
		return nil, false
	}
	v := &view{text: make([]byte, 0, len(text))}
	last := 0
	for _, s := range sequences(text) {
		v.copy(text, last, s[0])
		last = s[1]
	}
	v.copy(text, last, len(text))
	return v, true
}

// sequences returns the ranges of the control sequences in a text.
func sequences(text []byte) (out [][2]int) {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("\x1b["))
		if i < 0 {
			return out
		}
		start := at + i
		for at = start + 2; at < len(text) && at < start+32 && 0x20 <= text[at] && text[at] < 0x40; at++ {
		}
		if at < len(text) && 0x40 <= text[at] && text[at] < 0x7f {
			at++
			out = append(out, [2]int{start, at})
		}
	}
}
