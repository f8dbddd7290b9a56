package scanner

import (
	"context"
	"io"
	"math"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// Segment is a range of a text that was built from another, its base: the Len bytes at
// Off are copied from the base's offset From, or count as new if From is negative.
//
// It is an alias of an unnamed struct, so that a reader of deltas can declare the same
// type, and pass its segments without a copy.
type Segment = struct{ Off, Len, From int64 }

// A Trail records the keywords of a text and the outcomes of their rules, so that only
// the new parts of a text built from it need a search. It is immutable and may be shared
// between Trackers. Nil is the trail of a text without keywords. ARCHITECTURE.md,
// "Matches along deltas", explains the method.
type Trail struct {
	traces []trace
	size   int64 // of the text
}

// trace is a keyword in a text, and the outcome of its rules, nil if they found nothing.
// The outcome depends only on the given numbers of bytes before and after pos.
type trace struct {
	pos           int64
	word          int32
	before, after uint16
	found         *verdict
}

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

// maxKept is the greatest number of candidates in a trail.
const maxKept = 10_000

// Tracker scans texts that are made from one another. It is not safe for
// concurrent use; its trails may be read by other trackers of the same Scanner.
type Tracker struct {
	s       *Scanner
	ctx     context.Context
	effort  effort
	ws      workspace
	windows []span
	judged  []showing // of the keywords in ws.hits
	later   []trace   // for merge
	kept    int       // candidates in the present text's trail
	news    bool      // the present text has a verdict that its base has not
	Scanned int64     // bytes that were searched for keywords
}

type span struct{ from, to int64 }

// NewTracker returns a tracker for s. When ctx is done it ends what it scans, and
// results have ctx's error.
func (s *Scanner) NewTracker(ctx context.Context) *Tracker { return &Tracker{s: s, ctx: ctx} }

// ScanReader is Scan for a text that is not in memory. It leaves no trail.
func (t *Tracker) ScanReader(r io.Reader) Result {
	result := t.s.scanReader(t.ctx, r, &t.ws)
	t.Scanned += result.Bytes
	return result
}

// Scan scans a text. Segments describe how it was built from the base with the given
// trail; without segments all of it is new. Scan finds the same as ScanBytes for any
// segments, and returns the trail of the text. Dropped candidates are returned where they
// are new, and possibly again.
func (t *Tracker) Scan(text []byte, segments []Segment, base *Trail) (*Trail, Result) {
	r := Result{Bytes: int64(len(text))}
	t.effort = newEffort(t.ctx)
	t.effort.grow(len(text))
	trail := t.trail(text, segments, base)
	if t.news || slices.ContainsFunc(trail, func(tr trace) bool { return tr.found != nil && tr.found.kept }) {
		t.settle(text, trail, &r)
	}
	t.effort.finish(&r)
	if wide := t.s.newWide(t.ctx, text, &t.ws); wide != nil {
		wide.write(text)
		r.addWide(wide.finish())
	}
	r.Skipped = append(r.Skipped, unpack.Skipped(text)...)
	zip := slices.ContainsFunc(trail, func(tr trace) bool {
		return int(tr.word) == t.s.zipEnd && unpack.EndsInZip(tr.pos, r.Bytes)
	})
	r = r.with(t.s.unpack(t.ctx, text, zip, &t.ws))
	if len(trail) == 0 {
		return nil, r
	}
	return &Trail{trail, r.Bytes}, r
}

// trail returns the keywords of a text. It searches new ranges and seams; in copied
// ranges it carries over the keywords of the base.
func (t *Tracker) trail(text []byte, segments []Segment, base *Trail) []trace {
	t.news, t.kept = false, 0
	if segments == nil {
		segments = []Segment{{Len: int64(len(text)), From: -1}}
	}
	t.fresh(segments)
	t.ws.hits = t.ws.hits[:0]
	for _, w := range t.windows {
		t.ws.hits = t.s.literals.Append(t.ws.hits, text, int(w.from), int(w.to))
		t.Scanned += w.to - w.from
	}
	n := len(t.ws.hits)
	if base != nil {
		n += len(base.traces)
	}
	if n == 0 {
		return nil
	}
	out := make([]trace, 0, n)
	if base != nil {
		out = t.inherit(out, text, segments, base)
	}
	inherited := len(out)
	out = t.judge(out, text)
	t.merge(out, inherited)
	return out
}

// maxGap is how close to one another, in bytes, two windows are searched as one: that
// costs less than to begin anew.
const maxGap = 48

// fresh sets t.windows to the ranges to search: new segments, and the seams between
// copies. A keyword that touches no window was copied whole. Windows that are less than
// maxGap or a keyword apart are merged. The first window starts at 0.
//
// The loop avoids branches, because segment lengths are unpredictable: each segment
// overwrites the current window or starts the next.
func (t *Tracker) fresh(segments []Segment) {
	apart := max(maxGap, int64(t.s.literals.Longest()))
	out := slices.Grow(t.windows[:0], len(segments)+1)[:len(segments)+1]
	var w span
	n := 0
	out[n] = w
	for _, s := range segments {
		to := s.Off
		if s.From < 0 {
			to += s.Len
		}
		if s.Off-w.to >= apart {
			w.from = s.Off
			n++
		}
		w.to = to
		out[n] = w
	}
	t.windows = out[:n+1]
}

// first returns the index of the first trace at or after pos.
func (t *Trail) first(pos int64) int {
	i := 0
	for n := len(t.traces); n > 0; {
		half := (n + 1) / 2
		if t.traces[i+half-1].pos < pos {
			i += half
		}
		n -= half
	}
	return i
}

// inherit appends the base's traces in copied segments. A keyword whose verdict may have
// changed is added to the hits instead.
func (t *Tracker) inherit(out []trace, text []byte, segments []Segment, base *Trail) []trace {
	i := 0    // the base's first trace after the previous segment
	next := 0 // the first window that ends after the previous trace
	for _, s := range segments {
		if s.From < 0 {
			continue
		}
		if i > 0 && base.traces[i-1].pos >= s.From || i < len(base.traces) && base.traces[i].pos < s.From {
			i = base.first(s.From)
		}
		for ; i < len(base.traces) && base.traces[i].pos < s.From+s.Len; i++ {
			tr := base.traces[i]
			tr.pos += s.Off - s.From
			end := tr.pos + int64(t.s.literals.Len(int(tr.word)))
			for next < len(t.windows) && t.windows[next].to <= tr.pos {
				next++
			}
			switch {
			case next < len(t.windows) && t.windows[next].from < end:
				// seen anew
			case end > s.Off+s.Len:
				// cut off by the end of the text
			case t.review(&tr, text, s, base.size):
				out = append(out, tr)
			default:
				t.ws.hits = append(t.ws.hits, literal.Hit{Word: int(tr.word), Pos: int(tr.pos)})
			}
		}
	}
	return out
}

// review reports whether the verdict of a keyword is still valid. Near rules run again if
// the bytes that they depend on were not copied with it.
func (t *Tracker) review(tr *trace, text []byte, s Segment, baseSize int64) bool {
	from, to := s.Off, s.Off+s.Len
	if s.Off == 0 && s.From == 0 {
		from = math.MinInt64 / 2 // both texts begin here
	}
	if to == int64(len(text)) && s.From+s.Len == baseSize {
		to = math.MaxInt64 / 2
	}
	switch v := tr.found; {
	case tr.pos-int64(tr.before) < from || tr.pos+int64(tr.after) > to || v != nil && v.partial:
		return false
	case v != nil && (tr.pos-v.before < from || tr.pos+v.after > to):
		tr.found = t.verdict(text, tr.pos, v.at(tr.pos, nil, v.own))
	case v != nil:
		t.kept += len(v.cands)
	}
	return true
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

// merge merges the sorted slices traces[:n] and traces[n:] in place.
func (t *Tracker) merge(traces []trace, n int) {
	t.later = append(t.later[:0], traces[n:]...)
	i, k := n, len(t.later)
	for i > 0 && k > 0 {
		if a, b := &traces[i-1], &t.later[k-1]; a.pos > b.pos || a.pos == b.pos && a.word > b.word {
			i--
			traces[i+k] = *a
		} else {
			k--
			traces[i+k] = *b
		}
	}
	copy(traces, t.later[:k])
	clear(t.later)
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

// settle turns the candidates into findings. Dropped candidates take part, because they
// can drop others.
func (t *Tracker) settle(text []byte, trail []trace, r *Result) {
	var cands []candidate
	many := t.kept > maxKept
	for i := range trail {
		v := trail[i].found
		switch {
		case v == nil:
		case many:
			cands = v.at(trail[i].pos, cands, v.own)
			trail[i].found = &verdict{kept: v.kept, partial: true}
		default:
			cands = v.at(trail[i].pos, cands, len(v.cands))
		}
	}
	if many {
		cands = t.s.withNear(&t.effort, cands, text)
	}
	w := &window{s: t.s, w: &t.ws, buf: text, done: len(text)}
	w.pending = w.number(cands)
	w.flush(true)
	r.add(w.result)
}
