package scanner

import (
	"context"
	"io"
	"slices"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// NewTracker returns a tracker for s. When ctx is done, the current scan ends, and
// results have the error of ctx.
func (s *Scanner) NewTracker(ctx context.Context) *Tracker { return &Tracker{s: s, ctx: ctx} }

// ScanReader is Scan for a text that is not in memory. It returns no state.
func (t *Tracker) ScanReader(r io.Reader) Result {
	result := t.s.scanReader(t.ctx, r, &t.ws)
	t.Scanned += result.Bytes
	return result
}

// Scan scans a text. Segments describe how it was built from the base with the given
// state; without segments all of it is new. For any segments, Scan has the same findings
// as ScanBytes. It returns the state of the text. Dropped candidates are returned if they
// are new, and possibly again.
func (t *Tracker) Scan(text []byte, segments []Segment, base *TextState) (*TextState, Result) {
	r := Result{Bytes: int64(len(text))}
	t.budget = newBudget(t.ctx)
	t.budget.grow(len(text))
	hits := t.keywordHits(text, segments, base)
	switch {
	case t.crowded:
		w := &window{s: t.s, w: &t.ws, buf: text, budget: newBudget(t.ctx)}
		w.processAll()
		t.budget = w.budget
		r.add(w.result)
	case t.changed || slices.ContainsFunc(hits, func(hit keywordHit) bool { return hit.outcome != nil && hit.outcome.kept }):
		t.addFindings(text, hits, &r)
	}
	t.budget.finish(&r)
	if wide := t.s.newWide(t.ctx, text, &t.ws); wide != nil {
		wide.write(text)
		r.addWide(wide.finish())
	}
	r.Skipped = append(r.Skipped, unpack.Skipped(text)...)
	zip := slices.ContainsFunc(hits, func(hit keywordHit) bool {
		return int(hit.word) == t.s.zipEnd && unpack.EndsInZip(hit.pos, r.Bytes)
	})
	r = r.withNew(t.s.unpack(t.ctx, text, zip, &t.ws))
	if len(hits) == 0 {
		return nil, r
	}
	return &TextState{hits, r.Bytes}, r
}

// keywordHits returns the keywords of a text. It searches new ranges and seams; in copied
// ranges it carries over the keywords of the base.
func (t *Tracker) keywordHits(text []byte, segments []Segment, base *TextState) []keywordHit {
	t.changed, t.crowded, t.kept = false, false, 0
	if segments == nil {
		segments = []Segment{{Len: int64(len(text)), From: -1}}
	}
	t.setWindows(segments)
	t.ws.hits = t.ws.hits[:0]
	for _, w := range t.windows {
		t.ws.hits = t.s.literals.Append(t.ws.hits, text, int(w.from), int(w.to))
		t.Scanned += w.to - w.from
	}
	n := len(t.ws.hits)
	if base != nil {
		n += len(base.hits)
	}
	if n == 0 {
		return nil
	}
	out := make([]keywordHit, 0, n)
	if base != nil {
		out = t.carryOver(out, text, segments, base)
	}
	inherited := len(out)
	out = t.evaluate(out, text)
	t.merge(out, inherited)
	return out
}

// merge merges the sorted slices hits[:n] and hits[n:] in place.
func (t *Tracker) merge(hits []keywordHit, n int) {
	t.later = append(t.later[:0], hits[n:]...)
	i, k := n, len(t.later)
	for i > 0 && k > 0 {
		if a, b := &hits[i-1], &t.later[k-1]; a.pos > b.pos || a.pos == b.pos && a.word > b.word {
			i--
			hits[i+k] = *a
		} else {
			k--
			hits[i+k] = *b
		}
	}
	copy(hits, t.later[:k])
	clear(t.later)
}

// addFindings turns the candidates into findings. Dropped candidates take part, because
// they can drop others.
func (t *Tracker) addFindings(text []byte, hits []keywordHit, r *Result) {
	var cands []candidate
	many := t.kept > maxKept
	for i := range hits {
		o := hits[i].outcome
		switch {
		case o == nil:
		case many:
			cands = o.appendTo(hits[i].pos, cands, o.own)
			hits[i].outcome = &outcome{kept: o.kept, partial: true}
		default:
			cands = o.appendTo(hits[i].pos, cands, len(o.candidates))
		}
	}
	if many {
		cands = t.s.withNear(&t.budget, cands, text)
	}
	w := &window{s: t.s, w: &t.ws, buf: text, done: len(text)}
	w.pending = w.addPositions(cands)
	w.flush(true)
	r.add(w.result)
}
