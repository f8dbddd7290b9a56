package scanner

import (
	"math"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
)

// maxGap is the distance in bytes below which two windows are searched as one: that costs
// less than a second search.
const maxGap = 48

// setWindows sets t.windows to the ranges to search: new segments, and the seams between
// copies. A keyword that touches no window was copied whole. Windows that are less than
// maxGap or a keyword apart are merged. The first window starts at 0.
//
// The loop avoids branches, because segment lengths are unpredictable: each segment
// overwrites the current window or starts the next.
func (t *Tracker) setWindows(segments []Segment) {
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

// carryOver appends the base's hits in copied segments. A keyword whose outcome may have
// changed is added to t.ws.hits instead.
func (t *Tracker) carryOver(out []keywordHit, text []byte, segments []Segment, base *TextState) []keywordHit {
	i := 0    // the base's first hit after the previous segment
	next := 0 // the first window that ends after the previous hit
	for _, s := range segments {
		if s.From < 0 {
			continue
		}
		if i > 0 && base.hits[i-1].pos >= s.From || i < len(base.hits) && base.hits[i].pos < s.From {
			i = base.firstAt(s.From)
		}
		for ; i < len(base.hits) && base.hits[i].pos < s.From+s.Len; i++ {
			hit := base.hits[i]
			hit.pos += s.Off - s.From
			end := hit.pos + int64(t.s.literals.Len(int(hit.word)))
			for next < len(t.windows) && t.windows[next].to <= hit.pos {
				next++
			}
			switch {
			case next < len(t.windows) && t.windows[next].from < end:
				// found by the search
			case end > s.Off+s.Len:
				// cut off by the end of the text
			case t.stillValid(&hit, text, s, base.size):
				out = append(out, hit)
			default:
				t.ws.hits = append(t.ws.hits, literal.Hit{Word: int(hit.word), Pos: int(hit.pos)})
			}
		}
	}
	return out
}

// stillValid reports whether the outcome of a keyword is still valid. Near rules run
// again if the bytes that they depend on were not copied with it.
func (t *Tracker) stillValid(hit *keywordHit, text []byte, s Segment, baseSize int64) bool {
	from, to := s.Off, s.Off+s.Len
	if s.Off == 0 && s.From == 0 {
		from = math.MinInt64 / 2 // both texts begin here
	}
	if to == int64(len(text)) && s.From+s.Len == baseSize {
		to = math.MaxInt64 / 2
	}
	switch o := hit.outcome; {
	case hit.pos-int64(hit.before) < from || hit.pos+int64(hit.after) > to || o != nil && o.partial:
		return false
	case o != nil && (hit.pos-o.before < from || hit.pos+o.after > to):
		hit.outcome = t.newOutcome(text, hit.pos, o.appendTo(hit.pos, nil, o.own))
	case o != nil:
		t.kept += len(o.candidates)
	}
	return true
}
