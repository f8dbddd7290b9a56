package scanner

import (
	"context"

	"github.com/keyguard/keyguard/internal/decode"
)

// encodingOf returns the encoding of a text with these units.
func encodingOf(u decode.Units) Encoding {
	switch {
	case u.Size == 2 && u.Low == 0:
		return UTF16LE
	case u.Size == 2:
		return UTF16BE
	case u.Low == 0:
		return UTF32LE
	}
	return UTF32BE
}

// widen turns a span of narrowed text into the span of the stored text.
func widen(s *Span, u decode.Units) {
	s.Start *= int64(u.Size)
	s.End *= int64(u.Size)
}

// wideWindow scans text in wide units: a window over its narrowed form, whose offsets are
// multiplied by the size of a unit.
type wideWindow struct {
	window
	units decode.Units
	part  []byte // of an incomplete unit
}

// newWide returns a window for a text with these first bytes, or nil if it is not in wide
// units. The text is also scanned as bytes, so a misleading mark hides nothing.
func (s *Scanner) newWide(ctx context.Context, head []byte, ws *workspace) *wideWindow {
	u, ok := decode.UnitsOf(head)
	if !ok {
		return nil
	}
	if ws.wide == nil {
		ws.wide = make([]byte, 0, windowSize+s.before+s.after)
	}
	return &wideWindow{window: window{s: s, w: ws, buf: ws.wide[:0], budget: newBudget(ctx)}, units: u}
}

// write appends narrowed text, and scans the part whose surroundings are complete.
func (w *wideWindow) write(text []byte) {
	var narrow [4096]byte
	if n := len(w.part); n > 0 {
		n = min(w.units.Size-n, len(text))
		w.part = append(w.part, text[:n]...)
		text = text[n:]
		if len(w.part) < w.units.Size {
			return
		}
		w.window.write(w.units.Narrow(narrow[:0], w.part))
		w.part = w.part[:0]
	}
	for len(text) >= w.units.Size {
		n := min(len(text)-len(text)%w.units.Size, w.units.Size*len(narrow))
		w.window.write(w.units.Narrow(narrow[:0], text[:n]))
		text = text[n:]
	}
	w.part = append(w.part, text...)
}

// finish scans the rest and returns the result, with spans in the stored text.
func (w *wideWindow) finish() Result {
	w.process(true)
	w.budget.finish(&w.result)
	for _, list := range [][]Finding{w.result.Findings, w.result.Dropped} {
		for i := range list {
			f := &list[i]
			f.DecodedFrom = Decoding{Encodings: []Encoding{encodingOf(w.units)}}
			widen(&f.Span, w.units)
			for k := range f.Related {
				widen(&f.Related[k].Span, w.units)
			}
		}
	}
	return w.result
}
