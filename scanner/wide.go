package scanner

import (
	"bytes"
	"context"
)

// wideWindow scans UTF-16 text: a window over its narrowed form, in which each
// 16-bit unit is one byte. Credentials are ASCII, so units above that become a
// byte that no rule matches, and offsets stay a multiplication apart.
type wideWindow struct {
	window
	high  int    // which byte of a unit is the high one
	odd   []byte // a first half whose second has not come yet
	label string
}

// newWide returns a window for text that begins as head does, or nil if that
// is not UTF-16. A byte order mark says so, or zero bytes in every other place.
// The text is scanned as bytes as well, so a misleading mark hides nothing.
func (s *Scanner) newWide(ctx context.Context, head []byte, ws *workspace) *wideWindow {
	high, ok := wideOrder(head[:min(len(head), wideSniff)])
	if !ok {
		return nil
	}
	if ws.wide == nil {
		ws.wide = make([]byte, 0, windowSize+s.before+s.after)
	}
	return &wideWindow{window: window{s: s, w: ws, buf: ws.wide[:0], effort: newEffort(ctx)}, high: high, label: wideLabel(high)}
}

func wideLabel(high int) string {
	if high == 0 {
		return "utf-16be"
	}
	return "utf-16le"
}

// wideSniff is how many bytes decide whether a text is UTF-16.
const wideSniff = 512

// wideOrder returns which byte of each pair is the high one.
func wideOrder(head []byte) (high int, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return 1, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return 0, true
	}
	if bytes.IndexByte(head, 0) < 0 {
		return 0, false
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	for high := range 2 {
		if len(head) >= 16 && zeros[high]*4 > len(head) && zeros[1-high]*16 < len(head) {
			return high, true
		}
	}
	return 0, false
}

// write narrows text and adds it.
func (w *wideWindow) write(text []byte) {
	var narrow [4096]byte
	if len(w.odd) == 1 && len(text) > 0 {
		w.window.write(narrowUnits(narrow[:0], []byte{w.odd[0], text[0]}, w.high))
		text = text[1:]
		w.odd = nil
	}
	for len(text) > 1 {
		n := min(len(text)&^1, 2*len(narrow))
		w.window.write(narrowUnits(narrow[:0], text[:n], w.high))
		text = text[n:]
	}
	if len(text) == 1 {
		w.odd = []byte{text[0]}
	}
}

func narrowUnits(out, text []byte, high int) []byte {
	for i := 0; i+1 < len(text); i += 2 {
		c := text[i+1-high]
		if text[i+high] != 0 || c >= 0x80 {
			c = 0xff
		}
		out = append(out, c)
	}
	return out
}

// finish scans the rest and returns what was found, with spans in the text as
// it is stored.
func (w *wideWindow) finish() Result {
	w.process(true)
	w.effort.finish(&w.result)
	for _, list := range [][]Finding{w.result.Findings, w.result.Dropped} {
		for i := range list {
			f := &list[i]
			f.DecodedFrom = w.label
			widen(&f.Span)
			for k := range f.Related {
				widen(&f.Related[k].Span)
			}
		}
	}
	return w.result
}

func widen(s *Span) {
	s.Start *= 2
	s.End *= 2
}
