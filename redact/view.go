package redact

import (
	"bytes"
	"cmp"
	"slices"
)

// view is a text that was made of pieces of another, with something between them
// or not.
type view struct {
	text   []byte
	first  int // where in the other text it begins
	pieces []piece
}

// piece is n bytes at at of a view, which are those at from of the other text.
type piece struct{ at, from, n int }

func (v *view) copy(text []byte, from, to int) {
	if from < to {
		v.pieces = append(v.pieces, piece{len(v.text), from, to - from})
		v.text = append(v.text, text[from:to]...)
	}
}

// span returns the stretch of the other text that start to end came from. What was
// between pieces counts as what it replaced.
func (v *view) span(start, end int) (from, to int) {
	after := func(at int) int { // index of the first piece that begins behind at
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

// plain returns text without the sequences that colour it (ECMA-48: ESC [
// parameters, a letter), and false if there are none.
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

// sequences returns where the control sequences of a text are.
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
