package scanner

import (
	"cmp"
	"math"
	"slices"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
)

// views decodes pieces of one text, and sees to it that none is decoded often. A
// word has a view of its own, unless some that lie close to it in the same run had
// one: then it shares a long view with those that follow, which is searched once.
type views struct {
	s      *Scanner
	e      *effort
	text   []byte
	depth  int // encodings that were undone in text
	open   []*view
	whole  stretch // of text, in which no escape breaks a word
	broken int     // where one does; -1 if that is not known of any place
	bare   stretch // of text, in which no byte begins an escape
	last   recall
	yield  func(showing)
}

// showing is what a word shows: the candidates that it leads to.
type showing struct {
	word   int // index of the hit
	found  []candidate
	reach  reach
	shared []int // the words that wanted the same view: of the first of them it is told
}

// reach is how many bytes before and after its place decided on what came of a
// word.
type reach struct{ before, after int }

// extend makes a reach as long as another.
func (r *reach) extend(before, after int) {
	r.before, r.after = max(r.before, before), max(r.after, after)
}

// stretch is a part of a text.
type stretch struct{ from, to int }

// maxOwn is how many words in one run may have views of their own, in a text
// that is not decoded itself.
const maxOwn = 3

// view is a piece of text that was decoded.
type view struct {
	decode.View
	name   string // of the encoding
	depth  int    // encodings that were undone in it
	limit  int    // where in the text its decoder had to end
	wanted int    // offset in the text up to which it is to be searched
	words  []int  // that want it; none if it was searched for one
	packed bool
}

// request is what a word wants to see decoded.
type request struct {
	name    string
	depth   int // encodings that will be undone in it
	from    int // where it begins, at the latest
	to      int // where the part to be searched ends
	limit   int // where decoding ends
	decode  func() (decode.View, bool)
	aligned func(v *decode.View) bool // whether another word's view has the same
	packed  bool                      // the view is of what an archive holds
}

// judge yields the candidates that each word's occurrence leads to, in several
// parts if its view is shared. It orders hits.
func (s *Scanner) judge(e *effort, text []byte, hits []literal.Hit, depth int, yield func(showing)) {
	inOrder := func(a, b literal.Hit) int { return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Word, b.Word)) }
	if !slices.IsSortedFunc(hits, inOrder) {
		slices.SortFunc(hits, inOrder)
	}
	v := views{s: s, e: e, text: text, depth: depth, broken: -1, last: newRecall(s.rules, hits), yield: yield}
	for i, hit := range hits {
		if e.stopped() {
			break
		}
		v.closeBefore(hit.Pos)
		v.show(v.at(i, hit))
	}
	v.closeBefore(math.MaxInt)
}

// show yields what a word leads to, and counts it unless it is yielded again by the
// text that this one was decoded from.
func (v *views) show(of showing) {
	if v.depth == 0 {
		v.e.found += len(of.found)
	}
	v.yield(of)
}

// at returns what a word's occurrence leads to.
func (v *views) at(word int, hit literal.Hit) showing {
	if k := hit.Word - v.s.rules; k >= 0 {
		if v.depth >= maxDepth || k >= len(v.s.decoders) {
			return showing{word: word}
		}
		r := v.s.decoders[k].request(v.text, hit.Pos, v.depth+1)
		if o := v.archive(r); o != nil {
			return showing{word: word, reach: reach{hit.Pos - o.Start(), decode.After}}
		}
		shown := v.ask(word, r)
		shown.reach = reach{decode.Before, decode.After}
		return shown
	}
	out, looked := v.plain(hit)
	r, ok := v.escaped(hit, len(out) > 0, &looked)
	if !ok {
		return showing{word: word, found: out, reach: looked}
	}
	shown := v.ask(word, r)
	shown.found = longest(append(out, shown.found...))
	shown.reach = looked
	return shown
}

// plain returns what a rule's word leads to in the text as it is.
func (v *views) plain(hit literal.Hit) (out []candidate, looked reach) {
	if out, looked, ok := v.last.of(v.text, hit); ok {
		return out, looked
	}
	for _, rule := range v.s.set.RulesOf(hit.Word) {
		if rule.AsIs && v.depth > 0 {
			continue
		}
		m, ok := rule.MatchAt(v.text, hit.Pos)
		v.e.tried += m.Tried
		if ok {
			out = append(out, newCandidate(rule, m))
		}
		looked.extend(m.Before, m.After)
	}
	v.last.note(hit, out, looked)
	return out, looked
}

// escaped returns the request of a word near which escapes may be undone. What
// did not match may be written with them, and so may an id's secret. It extends
// looked by what decided on that.
func (v *views) escaped(hit literal.Hit, matched bool, looked *reach) (r request, ok bool) {
	from, to := hit.Pos, hit.Pos+escapesNear
	switch kind := v.s.set.RulesOf(hit.Word)[0].Kind; {
	case v.depth >= maxDepth:
		return r, false
	case kind == patterns.AccessKeyID:
		from, to = hit.Pos-escapesBefore, hit.Pos+escapesAfter
	case kind == patterns.Token:
		to = hit.Pos + escapesToken
	case matched:
		return r, false
	}
	before, after := hit.Pos-from, to-hit.Pos
	from, limit := max(0, from), min(len(v.text), to+(to-from))
	looked.extend(before+decode.BrokenBefore(v.text, from), after)
	if to = min(len(v.text), to); !v.isBroken(from, to) {
		return r, false
	}
	looked.extend(0, before+2*after)
	return request{
		name: escapes, depth: maxDepth, from: from, to: to, limit: limit,
		decode:  func() (decode.View, bool) { return decode.Escapes(v.text, from, limit) },
		aligned: func(*decode.View) bool { return true },
	}, true
}

// isBroken reports whether an escape breaks a word in text[from:to]. It
// remembers where it looked.
func (v *views) isBroken(from, to int) bool {
	const reach = decode.BrokenReach
	if v.broken >= from+reach && v.broken+reach <= to {
		return true
	}
	if v.isBare(from, to) {
		return false
	}
	if from > v.whole.to {
		v.whole = stretch{from, from}
	}
	for _, part := range [2]stretch{{from, min(to, v.whole.from+reach)}, {max(from, v.whole.to-reach), to}} {
		v.e.combed += max(0, part.to-part.from)
		if at := decode.Broken(v.text, part.from, part.to, brokenWord); at >= 0 {
			v.broken = at
			return true
		}
	}
	v.whole = stretch{min(from, v.whole.from), max(to, v.whole.to)}
	return false
}

// isBare reports whether no byte of text[from:to] begins an escape. It goes on from
// where it looked last.
func (v *views) isBare(from, to int) bool {
	if from < v.bare.from || v.bare.to < from {
		v.bare = stretch{from, from}
	}
	for v.bare.to < to && !decode.MayEscape(v.text[v.bare.to]) {
		v.bare.to++
		v.e.combed++
	}
	return v.bare.to >= to
}

// archive returns the open view of an archive within which another seems to begin.
func (v *views) archive(r request) *view {
	if !r.packed {
		return nil
	}
	for _, o := range v.open {
		if o.packed && o.Start() <= r.from {
			return o
		}
	}
	return nil
}

// ask returns what a word's view shows. If that is shared, it is yielded later.
func (v *views) ask(word int, r request) showing {
	own := 0
	for _, o := range v.open {
		if o.name != r.name || o.depth != r.depth || o.Start() > r.from || !r.aligned(&o.View) {
			continue
		}
		if own++; o.words != nil && o.want(r.to) {
			o.words = append(o.words, word)
			return showing{word: word}
		}
	}
	if !v.e.afford() {
		return showing{word: word}
	}
	decoded, ok := r.decode()
	v.e.leave(decoded.Left)
	if !ok {
		return showing{word: word}
	}
	v.e.spend(len(decoded.Text) + decoded.Work)
	o := &view{View: decoded, name: r.name, depth: r.depth, limit: r.limit, wanted: r.to, packed: r.packed}
	v.open = append(v.open, o)
	if v.depth > 0 || own >= maxOwn {
		o.words = []int{word}
		return showing{word: word}
	}
	return showing{word: word, found: v.search(o)}
}

// want notes that the view is to be searched up to an offset in the text, if it
// reaches that far, or to the end of its run.
func (o *view) want(to int) bool {
	if to > o.limit && o.End()+1 >= o.limit {
		return false // it was cut off, at most a half of a pair before its limit
	}
	o.wanted = max(o.wanted, to)
	return true
}

// closeBefore forgets the views that end before an offset in the text: no
// further word can be in them. Those that are shared are searched now.
func (v *views) closeBefore(at int) {
	if len(v.open) == 0 {
		return
	}
	v.open = slices.DeleteFunc(v.open, func(o *view) bool {
		if o.End() > at {
			return false
		}
		if o.words != nil {
			v.show(showing{word: o.words[0], found: v.search(o), shared: o.words})
		}
		return true
	})
}

// search returns the candidates in a view, at their places in the text.
func (v *views) search(o *view) []candidate {
	to := len(o.Text)
	if o.wanted < o.End() {
		to, _ = o.Index(o.wanted)
	}
	hits := v.s.literals.Append(nil, o.Text, 0, to)
	if o.depth == maxDepth && o.name != escapes && slices.ContainsFunc(hits, v.s.isDecoders) {
		v.e.leave("encoded text within two encodings is not decoded")
	}
	found := v.s.candidates(v.e, o.Text, hits, o.depth)
	for i := range found {
		c := &found[i]
		from, to := o.Span(int(c.span.Start), int(c.span.End))
		c.span = Span{Start: int64(from), End: int64(to)}
		c.confidence = min(c.confidence, patterns.Likely)
		if c.decoded == "" {
			c.decoded = o.name
		} else {
			c.decoded = o.name + ", " + c.decoded
		}
	}
	return found
}

// isDecoders reports whether a word shows an encoding.
func (s *Scanner) isDecoders(hit literal.Hit) bool {
	return hit.Word >= s.rules && hit.Word < s.rules+len(s.decoders)
}

// longest drops the tokens that begin where a longer one does: they end at an
// escape.
func longest(cands []candidate) []candidate {
	ends := make(map[int64]int64)
	for i := range cands {
		if c := &cands[i]; c.rule.Kind == patterns.Token {
			ends[c.span.Start] = max(ends[c.span.Start], c.span.End)
		}
	}
	return slices.DeleteFunc(cands, func(c candidate) bool {
		return c.rule.Kind == patterns.Token && c.span.End < ends[c.span.Start]
	})
}
