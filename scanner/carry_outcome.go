package scanner

import "math"

// verdict holds the candidates found at a keyword. Their spans are relative to the
// keyword, so that texts can share it.
type verdict struct {
	cands []candidate // from the rules of the keyword, then from near rules
	own   int         // number from the rules of the keyword
	kept  bool        // some candidate is not dropped
	// A budget ran out: the verdict is incomplete, and is computed again for each text.
	partial bool
	// Numbers of bytes before and after the keyword that near rules depend on.
	before, after int64
}

// at appends the first n candidates to out, with spans for a keyword at pos.
func (v *verdict) at(pos int64, out []candidate, n int) []candidate {
	for _, c := range v.cands[:n] {
		c.span.Start += pos
		c.span.End += pos
		out = append(out, c)
	}
	return out
}

// verdict runs the near rules around the candidates of a keyword at pos.
func (t *Tracker) verdict(text []byte, pos int64, own []candidate) *verdict {
	v := &verdict{cands: settle(own)}
	v.own = len(v.cands)
	t.news = t.news || v.own > 0
	for i := range v.cands {
		c := &v.cands[i]
		if c.drop.IsZero() {
			v.kept = true
			v.before = max(v.before, pos-c.span.Start+int64(t.s.nearBefore))
			v.after = max(v.after, c.span.End-pos+int64(t.s.nearAfter))
		}
	}
	if v.kept && t.kept <= maxKept {
		v.cands = t.s.withNear(&t.effort, v.cands, text)
	}
	t.kept += len(v.cands)
	for i := range v.cands {
		v.cands[i].span.Start -= pos
		v.cands[i].span.End -= pos
	}
	return v
}

// judge applies the rules to the keywords in t.ws.hits, and appends their traces.
func (t *Tracker) judge(out []trace, text []byte) []trace {
	t.judged = append(t.judged[:0], make([]showing, len(t.ws.hits))...)
	t.s.judge(&t.effort, text, t.ws.hits, 0, func(of showing) {
		j := &t.judged[of.word]
		j.found = append(j.found, of.found...)
		j.reach.extend(of.reach.before, of.reach.after)
		t.join(of.shared)
	})
	for i, h := range t.ws.hits {
		tr := trace{pos: int64(h.Pos), word: int32(h.Word)}
		j := &t.judged[i]
		tr.before, tr.after = uint16(j.reach.before), uint16(j.reach.after)
		partial := t.effort.refused || t.effort.full() || max(j.reach.before, j.reach.after) > math.MaxUint16
		if len(j.found) > 0 || partial {
			tr.found = t.verdict(text, tr.pos, j.found)
			tr.found.partial = partial
		}
		out = append(out, tr)
	}
	clear(t.judged)
	return out
}

// join extends the reach of keywords that share a view to the reach of all of them, so
// that they are judged again together or not at all.
func (t *Tracker) join(words []int) {
	from, to := math.MaxInt, 0
	for _, k := range words {
		pos, r := t.ws.hits[k].Pos, t.judged[k].reach
		from, to = min(from, pos-r.before), max(to, pos+r.after)
	}
	for _, k := range words {
		pos := t.ws.hits[k].Pos
		t.judged[k].reach = reach{pos - from, to - pos}
	}
}
