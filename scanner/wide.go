package scanner

import (
	"bytes"
	"context"
)

// units describes text in UTF-16 or UTF-32: each character, or half of a surrogate
// pair, is a unit of size bytes, of which the one at low is the low byte.
type units struct{ size, low int }

// wideSniff is how many bytes decide whether a text is in wide units.
const wideSniff = 512

// label returns the encoding's name.
func (u units) label() string {
	switch {
	case u.size == 2 && u.low == 0:
		return "utf-16le"
	case u.size == 2:
		return "utf-16be"
	case u.low == 0:
		return "utf-32le"
	}
	return "utf-32be"
}

// unitsOf returns the units of a text by its beginning: a byte order mark says so, or
// zero bytes in every other place.
func unitsOf(text []byte) (u units, ok bool) {
	head := text[:min(len(text), wideSniff)]
	little, big := bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff})
	if bytes.IndexByte(head, 0) >= 0 {
		for _, u := range [2]units{{4, 0}, {4, 3}} {
			if u.is32(head) {
				return u, true
			}
		}
	}
	switch {
	case little:
		return units{2, 0}, true
	case big:
		return units{2, 1}, true
	}
	return units16(head)
}

// is32 reports whether all units in head are characters, and most of them of 16 bits, or
// the first is a byte order mark.
func (u units) is32(head []byte) bool {
	small, n := 0, len(head)/u.size
	marked := false
	for i := range n {
		unit := head[i*u.size:][:u.size]
		top, second, third := unit[3-u.low], unit[2-u.low/3], unit[1+u.low/3]
		switch {
		case top != 0 || second > 0x10:
			return false
		case i == 0 && second == 0 && third == 0xfe && unit[u.low] == 0xff:
			marked = true
		case second == 0 && (third != 0 || unit[u.low] != 0):
			small++
		}
	}
	return marked || n >= 4 && small*4 > n*3
}

// units16 looks for zero bytes in every other place.
func units16(head []byte) (u units, ok bool) {
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
			return units{2, 1 - high}, true
		}
	}
	return u, false
}

// narrow appends one byte for each unit of text. Credentials are ASCII, so units above
// that become a byte that no rule matches. The second half of a surrogate pair becomes
// one that continues a character, as columns are counted in characters.
func (u units) narrow(out, text []byte) []byte {
	for ; len(text) >= u.size; text = text[u.size:] {
		c := text[u.low]
		switch {
		case u.size == 2 && text[1-u.low]&0xfc == 0xdc:
			c = 0x80
		case u.size == 2 && text[1-u.low] != 0, u.size == 4 && (text[1] != 0 || text[2] != 0 || text[3-u.low] != 0), c >= 0x80:
			c = 0xff
		}
		out = append(out, c)
	}
	return out
}

// widen turns a span of narrowed text into that of the text as it is stored.
func (u units) widen(s *Span) {
	s.Start *= int64(u.size)
	s.End *= int64(u.size)
}

// wideWindow scans text in wide units: a window over its narrowed form, in which
// offsets stay a multiplication apart.
type wideWindow struct {
	window
	units
	part []byte // of a unit whose other bytes have not come yet
}

// newWide returns a window for text that begins as head does, or nil if that
// is not in wide units. The text is scanned as bytes as well, so a misleading mark
// hides nothing.
func (s *Scanner) newWide(ctx context.Context, head []byte, ws *workspace) *wideWindow {
	u, ok := unitsOf(head)
	if !ok {
		return nil
	}
	if ws.wide == nil {
		ws.wide = make([]byte, 0, windowSize+s.before+s.after)
	}
	return &wideWindow{window: window{s: s, w: ws, buf: ws.wide[:0], effort: newEffort(ctx)}, units: u}
}

// write narrows text and adds it.
func (w *wideWindow) write(text []byte) {
	var narrow [4096]byte
	if n := len(w.part); n > 0 {
		n = min(w.size-n, len(text))
		w.part = append(w.part, text[:n]...)
		text = text[n:]
		if len(w.part) < w.size {
			return
		}
		w.window.write(w.narrow(narrow[:0], w.part))
		w.part = w.part[:0]
	}
	for len(text) >= w.size {
		n := min(len(text)-len(text)%w.size, w.size*len(narrow))
		w.window.write(w.narrow(narrow[:0], text[:n]))
		text = text[n:]
	}
	w.part = append(w.part, text...)
}

// finish scans the rest and returns what was found, with spans in the text as
// it is stored.
func (w *wideWindow) finish() Result {
	w.process(true)
	w.effort.finish(&w.result)
	for _, list := range [][]Finding{w.result.Findings, w.result.Dropped} {
		for i := range list {
			f := &list[i]
			f.DecodedFrom = w.label()
			w.widen(&f.Span)
			for k := range f.Related {
				w.widen(&f.Related[k].Span)
			}
		}
	}
	return w.result
}
