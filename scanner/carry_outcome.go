package scanner

import "math"

// newOutcome runs the near rules around the candidates of a keyword at pos.
func (t *Tracker) newOutcome(text []byte, pos int64, own []candidate) *outcome {
	o := &outcome{candidates: sortUnique(own)}
	o.own = len(o.candidates)
	t.changed = t.changed || o.own > 0
	for i := range o.candidates {
		c := &o.candidates[i]
		if c.drop.IsZero() {
			o.kept = true
			before, after := t.s.nearReach()
			o.before = max(o.before, pos-c.span.Start+int64(before))
			o.after = max(o.after, c.span.End-pos+int64(after))
		}
	}
	if o.kept && t.kept <= maxKept {
		o.candidates = t.s.withNear(&t.budget, o.candidates, text)
	}
	t.kept += len(o.candidates)
	for i := range o.candidates {
		o.candidates[i].span.Start -= pos
		o.candidates[i].span.End -= pos
	}
	return o
}

// evaluate applies the rules to the keywords in t.ws.hits, and appends them with their
// outcomes.
func (t *Tracker) evaluate(out []keywordHit, text []byte) []keywordHit {
	if t.crowded = len(t.ws.hits) > maxHits; t.crowded {
		return t.unevaluated(out)
	}
	t.results = append(t.results[:0], make([]hitResult, len(t.ws.hits))...)
	t.s.matchHits(&t.budget, text, t.ws.hits, 0, func(of hitResult) {
		j := &t.results[of.index]
		j.candidates = append(j.candidates, of.candidates...)
		j.reach.extend(of.reach.before, of.reach.after)
		t.joinReach(of.shared)
	})
	for i, h := range t.ws.hits {
		hit := keywordHit{pos: int64(h.Pos), word: int32(h.Word)}
		j := &t.results[i]
		hit.before, hit.after = uint16(j.reach.before), uint16(j.reach.after)
		partial := t.budget.refused || t.budget.full() || max(j.reach.before, j.reach.after) > math.MaxUint16
		if len(j.candidates) > 0 || partial {
			hit.outcome = t.newOutcome(text, hit.pos, j.candidates)
			hit.outcome.partial = partial
		}
		out = append(out, hit)
	}
	clear(t.results)
	return out
}

// unevaluated appends the keywords in t.ws.hits with an outcome that is computed again for
// each text.
func (t *Tracker) unevaluated(out []keywordHit) []keywordHit {
	sortHits(t.ws.hits)
	again := &outcome{partial: true}
	for _, h := range t.ws.hits {
		out = append(out, keywordHit{pos: int64(h.Pos), word: int32(h.Word), outcome: again})
	}
	return out
}

// joinReach extends the reach of keywords that share a decoded part to the reach of all
// of them. They are evaluated again together or not at all.
func (t *Tracker) joinReach(words []int) {
	from, to := math.MaxInt, 0
	for _, k := range words {
		pos, r := t.ws.hits[k].Pos, t.results[k].reach
		from, to = min(from, pos-r.before), max(to, pos+r.after)
	}
	for _, k := range words {
		pos := t.ws.hits[k].Pos
		t.results[k].reach = reach{pos - from, to - pos}
	}
}
