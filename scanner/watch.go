package scanner

import (
	"bytes"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// Watched is a place in a blob's text where one of Options.Watch stands.
type Watched struct {
	Word    string
	Line    int // counted from 1
	Excerpt Excerpt
}

// maxWatched bounds the places that are told of one blob.
const maxWatched = 1000

// watched notes where the words are that the caller asked for, among the
// keywords that were found last, and where a zip may end.
func (w *window) watched() {
	first := w.s.zipEnd + 1
	at, pos := 0, w.start
	for _, hit := range w.w.hits {
		if hit.Word == w.s.zipEnd {
			w.zipEnd = w.base + int64(hit.Pos)
			w.zipTo = w.base + int64(unpack.ZipEnd(w.buf, hit.Pos))
		}
		if hit.Word < first || len(w.result.Watched) == maxWatched {
			continue
		}
		pos = pos.after(w.buf[at:hit.Pos])
		at = hit.Pos
		word := w.s.watch[hit.Word-first]
		e := newExcerpt(w.buf, hit.Pos, hit.Pos+len(word), w.base)
		e.text = bytes.Clone(e.text)
		w.result.Watched = append(w.result.Watched, Watched{Word: word, Line: pos.line + 1, Excerpt: e})
	}
}
