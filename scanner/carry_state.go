package scanner

import "context"

// Segment is a range of a text that was built from another, its base: the Len bytes at
// Off are copied from the base's offset From, or count as new if From is negative.
//
// It is an alias of an unnamed struct, so that a reader of deltas can declare the same
// type, and pass its segments without a copy.
type Segment = struct{ Off, Len, From int64 }

// TextState records the keywords of a text and their outcomes, so that a text built from
// it needs a search only in its new parts. It is immutable and may be shared between
// Trackers. Nil is the state of a text without keywords. ARCHITECTURE.md, "Matches along
// deltas", explains the method.
type TextState struct {
	hits []keywordHit
	size int64 // of the text
}

// firstAt returns the index of the first hit at or after pos.
func (t *TextState) firstAt(pos int64) int {
	i := 0
	for n := len(t.hits); n > 0; {
		half := (n + 1) / 2
		if t.hits[i+half-1].pos < pos {
			i += half
		}
		n -= half
	}
	return i
}

// keywordHit is a keyword in a text with its outcome, which is nil if the rules matched
// nothing. The outcome depends only on the given numbers of bytes before and after pos.
type keywordHit struct {
	pos           int64
	word          int32
	before, after uint16
	outcome       *outcome
}

// outcome is the candidates found at a keyword. Their spans are relative to the keyword,
// so that texts can share it.
type outcome struct {
	candidates []candidate // from the rules of the keyword, then from near rules
	own        int         // number from the rules of the keyword
	kept       bool        // some candidate is not dropped
	// A budget ran out: the outcome is incomplete, and is computed again for each text.
	partial bool
	// Numbers of bytes before and after the keyword that near rules depend on.
	before, after int64
}

// at appends the first n candidates to out, with spans for a keyword at pos.
func (o *outcome) appendTo(pos int64, out []candidate, n int) []candidate {
	for _, c := range o.candidates[:n] {
		c.span.Start += pos
		c.span.End += pos
		out = append(out, c)
	}
	return out
}

// Tracker scans texts that are built from one another. It is the only entry to matches
// carried over: Scan (carry.go) calls the search in carry_delta.go, which calls the rules
// in carry_outcome.go. It is not safe for concurrent use. Other trackers of the same
// Scanner may read its states.
type Tracker struct {
	s       *Scanner
	ctx     context.Context
	budget  budget
	ws      workspace
	windows []span
	results []hitResult  // of the keywords in ws.hits
	later   []keywordHit // for merge
	kept    int          // candidates in the current text
	changed bool         // the current text has an outcome that its base does not have
	crowded bool         // the current text has more than maxHits keywords to evaluate
	Scanned int64        // bytes that were searched for keywords
}

// maxHits is the maximum number of keywords that are evaluated together. A text with more
// of them is scanned in pieces, and nothing is carried over from it: the outcomes of a
// hostile text would take fifty times its size.
const maxHits = 200_000

// maxKept is the maximum number of candidates in the state of a text.
const maxKept = 10_000
