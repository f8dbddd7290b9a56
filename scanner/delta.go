package scanner

import (
	"cmp"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
)

// Segment is a stretch of a text that was made from another, its base: Len
// bytes at Off that are the base's bytes at From, or new if From is negative.
type Segment struct{ Off, Len, From int64 }

// Trail is what is remembered of a text to spare work on texts that are made
// from it: where keywords are, and what came of them. Nil is the trail of a text
// without keywords.
type Trail struct{ traces []trace }

// trace is a keyword's place and what its rules said of it.
type trace struct {
	pos     int64
	word    int32
	outcome outcome
}

type outcome int32

const (
	nothing outcome = iota // no rule matches
	drops                  // what matches is no finding
	keeps                  // a candidate
)

// Tracker scans texts that are made from one another. It is not safe for
// concurrent use; its trails may be read by other trackers of the same Scanner.
type Tracker struct {
	s       *Scanner
	ws      workspace
	windows []span
	hits    []literal.Hit
	Scanned int64 // bytes that were searched for keywords
}

type span struct{ from, to int64 }

// NewTracker returns a tracker for s.
func (s *Scanner) NewTracker() *Tracker { return &Tracker{s: s} }

// Scan scans a text. Segments say how it was made from a base with that trail;
// without segments all of it is new. It finds what ScanBytes finds, whatever
// the segments, and returns the text's own trail. Dropped candidates are
// returned where they are new, and perhaps again.
func (t *Tracker) Scan(text []byte, segments []Segment, base *Trail) (*Trail, Result) {
	r := Result{Bytes: int64(len(text))}
	trail := t.trail(text, segments, base)
	kept := false
	for i := range trail {
		kept = kept || trail[i].outcome == keeps
	}
	if kept || len(t.hits) > 0 {
		t.settle(text, trail, &r)
	}
	if wide := t.s.newWide(text, &t.ws); wide != nil {
		wide.write(text)
		r.addWide(wide.finish())
	}
	r.addUnpacked(t.s.unpack(text))
	if len(trail) == 0 {
		return nil, r
	}
	return &Trail{traces: trail}, r
}

// trail finds the keywords of a text: those in what is new and across seams by
// looking, the others by following the base's trail.
func (t *Tracker) trail(text []byte, segments []Segment, base *Trail) []trace {
	t.hits = t.hits[:0]
	var out []trace
	if segments == nil {
		segments = []Segment{{0, int64(len(text)), -1}}
	}
	t.fresh(text, segments)
	t.ws.hits = t.ws.hits[:0]
	for _, w := range t.windows {
		t.ws.hits = t.s.literals.Append(t.ws.hits, text, int(w.from), int(w.to))
		t.Scanned += w.to - w.from
	}
	for _, h := range t.ws.hits {
		out = append(out, trace{int64(h.Pos), int32(h.Word), t.judge(text, h)})
	}
	if base != nil {
		out = t.inherit(out, text, segments, base)
	}
	slices.SortFunc(out, func(a, b trace) int { return cmp.Or(cmp.Compare(a.pos, b.pos), cmp.Compare(a.word, b.word)) })
	return out
}

// fresh sets t.windows to where keywords may begin that no segment copied
// whole.
func (t *Tracker) fresh(text []byte, segments []Segment) {
	overlap := int64(t.s.literals.Longest() - 1)
	t.windows = t.windows[:0]
	add := func(from, to int64) {
		from = max(from, 0)
		if n := len(t.windows); n > 0 && from <= t.windows[n-1].to {
			t.windows[n-1].to = max(t.windows[n-1].to, to)
		} else if from < to {
			t.windows = append(t.windows, span{from, to})
		}
	}
	for i, s := range segments {
		switch {
		case s.From < 0:
			add(s.Off-overlap, s.Off+s.Len)
		case i > 0:
			add(s.Off-overlap, s.Off)
		}
	}
}

// inherit appends the base's traces that lie in copied segments.
func (t *Tracker) inherit(out []trace, text []byte, segments []Segment, base *Trail) []trace {
	next := 0 // the window that ends last before or holds the present place
	for _, s := range segments {
		if s.From < 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(base.traces, s.From, func(tr trace, at int64) int { return cmp.Compare(tr.pos, at) })
		for ; i < len(base.traces) && base.traces[i].pos < s.From+s.Len; i++ {
			tr := base.traces[i]
			at := tr.pos
			tr.pos += s.Off - s.From
			for next < len(t.windows) && t.windows[next].to <= tr.pos {
				next++
			}
			if next < len(t.windows) && t.windows[next].from <= tr.pos {
				continue // seen anew
			}
			if tr.pos+int64(t.s.literals.Len(int(tr.word))) > s.Off+s.Len {
				continue // cut off by the end of the text
			}
			before, after := t.s.decodeReach(int(tr.word))
			if at-int64(before) < s.From || at+int64(after) > s.From+s.Len {
				tr.outcome = t.judge(text, literal.Hit{Word: int(tr.word), Pos: int(tr.pos)})
			}
			out = append(out, tr)
		}
	}
	return out
}

// judge asks the rules of a keyword. What they drop or keep anew is noted.
func (t *Tracker) judge(text []byte, hit literal.Hit) outcome {
	best := nothing
	for _, c := range t.s.at(text, hit, 0) {
		if c.drop == "" {
			best = keeps
		}
		best = max(best, drops)
	}
	if best != nothing {
		t.hits = append(t.hits, hit)
	}
	return best
}

// settle makes findings of the candidates. Those that are dropped are looked at
// too: they may take others with them.
func (t *Tracker) settle(text []byte, trail []trace, r *Result) {
	t.hits = t.hits[:0]
	for _, tr := range trail {
		if tr.outcome != nothing {
			t.hits = append(t.hits, literal.Hit{Word: int(tr.word), Pos: int(tr.pos)})
		}
	}
	w := &window{s: t.s, w: &t.ws, buf: text, done: len(text)}
	w.pending = w.number(t.s.candidates(text, t.hits, 0))
	w.flush(true)
	r.add(w.result)
}
