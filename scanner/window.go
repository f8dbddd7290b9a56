package scanner

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

const (
	windowSize = 256 << 10
	// maxCluster is the maximum number of candidates that are paired at once. It limits
	// the memory for a file full of them.
	maxCluster = 2048
)

// window slides over one text and collects its findings. The result is independent of the
// chunks in which the text was read: a candidate is located when everything that its
// rules may read is in the window, and candidates are paired when the next one must be
// too far away.
type window struct {
	s       *Scanner
	w       *workspace
	buf     []byte // the text in the window
	base    int64  // offset of buf in the text
	done    int    // keywords before this offset in buf have been located
	start   position
	budget  budget
	pending []candidate
	chain   *chain // of the pending candidates; nil if they start a new one
	zipEnd  int64  // offset of the last unpack.ZipEndMark, or -1
	zipTo   int64  // end of the zip with that mark
	uses    int    // findings and further parts in the result
	result  Result
}

// newWindow returns a window for a text that is written to it.
func (s *Scanner) newWindow(ctx context.Context, ws *workspace) *window {
	if ws.buf == nil {
		ws.buf = make([]byte, 0, windowSize+s.before+s.after)
	}
	ws.located = nil
	return &window{s: s, w: ws, buf: ws.buf[:0], budget: newBudget(ctx), zipEnd: -1}
}

// Write implements io.Writer.
func (w *window) Write(text []byte) (int, error) {
	w.write(text)
	return len(text), nil
}

// write appends text to the window, and scans the part whose surroundings are complete.
func (w *window) write(text []byte) {
	for len(text) > 0 {
		n := min(len(text), cap(w.buf)-len(w.buf))
		w.buf = append(w.buf, text[:n]...)
		text = text[n:]
		if len(w.buf) == cap(w.buf) {
			w.process(false)
			w.slide()
		}
	}
}

// processAll scans all of buf, in pieces, so that few candidates are in memory at a time.
func (w *window) processAll() {
	for to := windowSize; to < len(w.buf)-w.s.after && !w.budget.stopped(); to += windowSize {
		w.processTo(to, false)
	}
	w.process(true)
}

// process locates the candidates whose surroundings are complete: all of them at the end
// of the text.
func (w *window) process(eof bool) {
	to := len(w.buf)
	if !eof {
		to = max(w.done, to-w.s.after)
	}
	w.processTo(to, eof)
}

// processTo locates the candidates whose keywords start before an offset in buf.
func (w *window) processTo(to int, eof bool) {
	w.budget.grow(to - w.done)
	located := w.s.locate(&w.budget, w.buf, w.done, to, w.base, w.w)
	w.watched()
	w.done = to
	if len(located) > 0 {
		w.pending = append(w.pending, w.addPositions(located)...)
	}
	w.flush(eof)
	w.budget.found = w.uses + w.chain.size() + len(w.pending)
}

// slide removes the text that no rule will read again.
func (w *window) slide() {
	drop := w.done - w.s.before
	if drop <= 0 {
		return
	}
	w.start = w.start.after(w.buf[:drop])
	w.base += int64(drop)
	w.done -= drop
	w.buf = w.buf[:copy(w.buf, w.buf[drop:])]
}

// watched records the occurrences of Options.Watch among the hits of process, and the
// last end of a zip.
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

// addPositions removes duplicates, and adds lines, columns and excerpts.
func (w *window) addPositions(cands []candidate) []candidate {
	cands = sortUnique(cands)
	at, pos := 0, w.start
	for i := range cands {
		sp := &cands[i].span
		start, end := int(sp.Start-w.base), int(sp.End-w.base)
		pos = pos.after(w.buf[at:start])
		at = start
		last := pos.after(w.buf[start:end])
		sp.Line, sp.Column = pos.line+1, pos.column+1
		sp.EndLine, sp.EndColumn = last.line+1, last.column+1
		cands[i].excerpt = newExcerpt(w.buf, start, end, w.base)
	}
	keepText(cands, w.buf, w.base)
	return cands
}

// flush pairs the pending candidates that no later one can belong to.
func (w *window) flush(eof bool) {
	if len(w.pending) == 0 {
		return
	}
	w.pending = sortUnique(w.pending)
	next := int64(math.MaxInt64) // later candidates start here or after
	if !eof {
		next = w.base + int64(w.done-w.s.nearBytes)
	}
	all := w.pending
	for n, whole := w.complete(next); n > 0; n, whole = w.complete(next) {
		w.emit(w.pending[:n], whole)
		w.pending = w.pending[n:]
	}
	w.pending = slices.Delete(all, 0, len(all)-len(w.pending))
}

// complete returns the number of pending candidates in the first cluster: those whose
// gaps a pair can have, but at most maxCluster. whole reports whether no later candidate
// can belong to it. n is 0 if the cluster may continue with later candidates.
func (w *window) complete(next int64) (n int, whole bool) {
	end := int64(0)
	for i := range w.pending {
		c := &w.pending[i]
		if c.span.Start >= next {
			return 0, false
		}
		end = max(end, c.span.End)
		following := next
		if i+1 < len(w.pending) {
			following = min(next, w.pending[i+1].span.Start)
		}
		if whole := following-end > w.s.pairBytes; whole || i+1 == maxCluster {
			return i + 1, whole
		}
	}
	return 0, false
}

// emit turns a cluster into findings. They are added to the result when their chain is
// whole.
func (w *window) emit(cluster []candidate, whole bool) {
	if w.chain == nil {
		w.chain = newChain()
	}
	w.result.addDropped(w.s.findings(cluster, w.chain))
	if !whole {
		return
	}
	found := w.chain.found
	slices.SortFunc(found, func(a, b Finding) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	w.result.Findings = append(w.result.Findings, found...)
	w.uses += w.chain.parts
	w.chain = nil
}
