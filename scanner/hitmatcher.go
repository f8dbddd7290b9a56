package scanner

import (
	"math"
	"slices"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
)

// hitMatcher applies the rules to the keywords of one text. It decodes parts of the text,
// and limits how often a part is decoded: a keyword of an encoding gets a decoded part of
// its own, unless maxOwnParts keywords near it in the same run had one. Then it shares a
// long part with the keywords that follow, which is searched once.
type hitMatcher struct {
	s        *Scanner
	budget   *budget
	text     []byte
	depth    int // number of encodings decoded to get text
	open     []*decodedPart
	unbroken textRange // a range of text without an escape inside a word
	broken   int       // offset of such an escape; -1 if unknown
	starts   escapeStarts
	repeats  repeats
	yield    func(hitResult)
}

// hitResult is the result of a keyword: its candidates.
type hitResult struct {
	index      int         // index of the hit
	candidates []candidate // valid until the next result
	reach      reach
	shared     []int // the keywords that share the decoded part; index is the first
}

// textRange is a range of a text.
type textRange struct{ from, to int }

// maxOwnParts is the number of keywords in one run that get decoded parts of their own,
// in a text that was not decoded itself.
const maxOwnParts = 3

// decodedPart is a decoded part of a text.
type decodedPart struct {
	decode.View
	encoding Encoding
	depth    int   // number of encodings decoded to get it
	limit    int   // offset in the text at which decoding had to end
	wanted   int   // offset in the text up to which to search
	hits     []int // keywords that share it; nil if it belongs to one
	packed   bool
}

// candidates applies the rules at each keyword, and the near rules around the IDs found.
// It appends to found, which must be empty. Positions are offsets in text, which may be decoded: depth is the number of encodings.
func (s *Scanner) candidates(b *budget, found []candidate, text []byte, hits []literal.Hit, depth int) []candidate {
	s.matchHits(b, text, hits, depth, func(of hitResult) { found = append(grown(found, len(of.candidates)), of.candidates...) })
	return s.withNear(b, found, text)
}

// matchHits yields the result of each keyword, in several parts if its decoded part is
// shared. It sorts hits.
func (s *Scanner) matchHits(b *budget, text []byte, hits []literal.Hit, depth int, yield func(hitResult)) {
	sortHits(hits)
	m := hitMatcher{s: s, budget: b, text: text, depth: depth, broken: -1, repeats: newRepeats(text, s.rules, hits), yield: yield}
	for i, hit := range hits {
		if b.stopped() {
			break
		}
		m.closeBefore(hit.Pos)
		found, used := m.match(i, hit)
		m.emit(hitResult{index: i, candidates: found, reach: used})
	}
	m.closeBefore(math.MaxInt)
}

// sortHits sorts hits by position and word.
func sortHits(hits []literal.Hit) {
	inOrder := func(a, b literal.Hit) int {
		if a.Pos != b.Pos {
			return a.Pos - b.Pos
		}
		return a.Word - b.Word
	}
	if !slices.IsSortedFunc(hits, inOrder) {
		slices.SortStableFunc(hits, inOrder) // quick, because hits are nearly sorted
	}
}

// emit yields the result of a keyword. It counts the candidates that may be findings, unless this text was
// decoded from another, which yields them again.
func (m *hitMatcher) emit(of hitResult) {
	if m.depth == 0 {
		for i := range of.candidates {
			if of.candidates[i].drop.IsZero() {
				m.budget.found++
			}
		}
	}
	m.yield(of)
}

// match returns the candidates of a keyword, and the bytes that they depend on.
func (m *hitMatcher) match(index int, hit literal.Hit) ([]candidate, reach) {
	if hit.Word >= m.s.rules {
		return m.matchEncoded(index, hit)
	}
	last := m.repeats.find(hit)
	if last != nil && !last.escapes {
		return last.candidates, last.reach
	}
	return m.matchRules(index, hit, last)
}

// matchEncoded returns the candidates in the decoded part of a keyword of an encoding.
func (m *hitMatcher) matchEncoded(index int, hit literal.Hit) ([]candidate, reach) {
	k := hit.Word - m.s.rules
	if m.depth >= maxDepth || k >= len(m.s.decoders) {
		return nil, reach{}
	}
	r := m.s.decoders[k].request(m.text, hit.Pos, m.depth+1)
	if o := m.openArchive(r); o != nil {
		return nil, reach{hit.Pos - o.Start(), decode.After}
	}
	return m.decode(index, r), reach{decode.Before, decode.After}
}

// matchRules returns the candidates of a keyword of rules. plain is the result without
// escapes, or nil if it is unknown.
func (m *hitMatcher) matchRules(index int, hit literal.Hit, plain *lastMatch) ([]candidate, reach) {
	if plain == nil {
		plain = m.repeats.record(hit.Word, m.matchPlain(hit))
	}
	used := plain.reach
	r, ok := m.escapeRequest(hit, len(plain.candidates) > 0, &used)
	if plain.escapes = ok; !ok {
		plain.reach = used
		return plain.candidates, used
	}
	return longest(slices.Concat(plain.candidates, m.decode(index, r))), used
}

// matchPlain returns the result of a keyword of rules, without escapes.
func (m *hitMatcher) matchPlain(hit literal.Hit) lastMatch {
	out := lastMatch{pos: hit.Pos}
	for _, rule := range m.s.set.RulesOf(hit.Word) {
		if rule.AsIs && m.depth > 0 {
			continue
		}
		if before, ok := rule.MayMatchAt(m.text, hit.Pos); !ok {
			out.reach.extend(before, 0)
			continue
		}
		found, ok := rule.MatchAt(m.text, hit.Pos)
		m.budget.tried += found.Tried
		if ok {
			out.candidates = append(out.candidates, newCandidate(rule, found))
		}
		out.reach.extend(found.Before, found.After)
	}
	if m.s.set.IsAnchor(hit.Word) {
		m.matchAssigned(hit, &out)
	}
	return out
}

// parseCost is the number of bytes that are parsed as quickly as one is tried by a regular
// expression.
const parseCost = 8

// matchAssigned adds the matches in the value at an anchor to the result of its word.
func (m *hitMatcher) matchAssigned(hit literal.Hit, out *lastMatch) {
	found := m.s.set.MatchAssigned(m.text, hit.Pos, hit.Pos+len(m.s.set.Words()[hit.Word].Text))
	m.budget.tried += found.After / parseCost
	for i, rule := range found.Rules {
		if !rule.AsIs || m.depth == 0 {
			out.candidates = append(out.candidates, newCandidate(rule, found.Matches[i]))
		}
	}
	out.reach.extend(found.Before, found.After)
}

// escapeRequest returns the part of the text around a keyword in which to decode escapes:
// a value that did not match may contain them, and so may the secret of an ID. It extends
// used by the bytes that the decision depends on.
func (m *hitMatcher) escapeRequest(hit literal.Hit, matched bool, used *reach) (r request, ok bool) {
	from, to := hit.Pos, hit.Pos+escapesNear
	rules := m.s.set.RulesOf(hit.Word)
	if len(rules) == 0 {
		return r, false // an anchor: assignments are parsed with their escapes
	}
	switch role := rules[0].Kind.Role(); {
	case m.depth >= maxDepth:
		return r, false
	case role == patterns.RoleID:
		from, to = hit.Pos-escapesBefore, hit.Pos+escapesAfter
	case role == patterns.RoleToken:
		to = hit.Pos + escapesToken
	case matched:
		return r, false
	}
	before, after := hit.Pos-from, to-hit.Pos
	from, limit := max(0, from), min(len(m.text), to+(to-from))
	used.extend(before, after)
	to = min(len(m.text), to)
	if m.startsIn(from, to) == nil {
		return r, false
	}
	used.extend(before+decode.BrokenBefore(m.text, from), after)
	if !m.isBroken(from, to) {
		return r, false
	}
	used.extend(0, before+2*after)
	return request{
		encoding: Escapes, depth: maxDepth, from: from, to: to, limit: limit,
		decode:  func() (decode.View, bool) { return decode.Escapes(m.text, from, limit) },
		aligned: func(*decode.View) bool { return true },
	}, true
}

// isBroken reports whether text[from:to] has an escape inside a word. It remembers the
// searched range.
func (m *hitMatcher) isBroken(from, to int) bool {
	const reach = decode.BrokenReach
	if m.broken >= from+reach && m.broken+reach <= to {
		return true
	}
	if from > m.unbroken.to {
		m.unbroken = textRange{from, from}
	}
	for _, part := range [2]textRange{{from, min(to, m.unbroken.from+reach)}, {max(from, m.unbroken.to-reach), to}} {
		starts := m.startsIn(part.from, part.to)
		m.budget.searched += len(starts)
		if at := decode.Broken(m.text, starts, part.from, part.to, brokenWord); at >= 0 {
			m.broken = at
			return true
		}
	}
	m.unbroken = textRange{min(from, m.unbroken.from), max(to, m.unbroken.to)}
	return false
}

// escapeStarts are the offsets in a range of a text at which an escape may start, in order.
type escapeStarts struct {
	textRange
	list []int32
}

// startsIn returns the offsets in text[from:to] at which an escape may start, or nil. The
// ranges of successive keywords overlap, so it keeps the offsets of the searched range.
func (m *hitMatcher) startsIn(from, to int) []int32 {
	e := &m.starts
	if from < e.from || e.to < from {
		e.textRange, e.list = textRange{from, from}, e.list[:0]
	}
	if e.to < to {
		m.budget.searched += to - e.to
		for i, c := range m.text[e.to:to] {
			if decode.MayEscape(c) {
				e.list = append(e.list, int32(e.to+i))
			}
		}
		e.to = to
	}
	if n := len(e.list); n == 0 || int(e.list[n-1]) < from {
		return nil
	}
	first, _ := slices.BinarySearch(e.list, int32(from))
	last, _ := slices.BinarySearch(e.list[first:], int32(to))
	if last == 0 {
		return nil
	}
	return e.list[first : first+last]
}

// openArchive returns the open part that is the content of an archive and contains the
// start of r, or nil.
func (m *hitMatcher) openArchive(r request) *decodedPart {
	if !r.packed {
		return nil
	}
	for _, o := range m.open {
		if o.packed && o.Start() <= r.from {
			return o
		}
	}
	return nil
}

// decode decodes the part of the text for a keyword and returns the candidates in it.
// Those in a shared part are yielded later.
func (m *hitMatcher) decode(index int, r request) []candidate {
	own := 0
	for _, o := range m.open {
		if o.encoding != r.encoding || o.depth != r.depth || o.Start() > r.from || !r.aligned(&o.View) {
			continue
		}
		if own++; o.hits != nil && o.extend(r.to) {
			o.hits = append(o.hits, index)
			return nil
		}
	}
	if !m.budget.afford() {
		return nil
	}
	decoded, ok := r.decode()
	m.budget.skip(decoded.Left)
	if !ok {
		return nil
	}
	m.budget.spend(len(decoded.Text) + decoded.Work)
	o := &decodedPart{View: decoded, encoding: r.encoding, depth: r.depth, limit: r.limit, wanted: r.to, packed: r.packed}
	m.open = append(m.open, o)
	if m.depth > 0 || own >= maxOwnParts {
		o.hits = []int{index}
		return nil
	}
	return m.search(o)
}

// extend extends the searched range of the part to an offset in the text, and reports
// whether the part reaches that far, or to the end of its run.
func (o *decodedPart) extend(to int) bool {
	if to > o.limit && o.End()+1 >= o.limit {
		return false // truncated, at most half a pair before its limit
	}
	o.wanted = max(o.wanted, to)
	return true
}

// closeBefore closes the decoded parts that end before an offset in the text, which no
// later keyword can share. It searches the shared ones.
func (m *hitMatcher) closeBefore(at int) {
	if len(m.open) == 0 {
		return
	}
	m.open = slices.DeleteFunc(m.open, func(o *decodedPart) bool {
		if o.End() > at {
			return false
		}
		if o.hits != nil {
			m.emit(hitResult{index: o.hits[0], candidates: m.search(o), shared: o.hits})
		}
		return true
	})
}

// search returns the candidates in a decoded part, with their positions in the text.
// Encodings contain encodings: search calls candidates, which calls matchHits for the
// decoded part, at most maxDepth deep.
func (m *hitMatcher) search(o *decodedPart) []candidate {
	to := len(o.Text)
	if o.wanted < o.End() {
		to, _ = o.Index(o.wanted)
	}
	hits := m.s.literals.Append(nil, o.Text, 0, to)
	if o.depth == maxDepth && o.encoding != Escapes && slices.ContainsFunc(hits, m.s.isEncoded) {
		m.budget.skip("encoded text within two encodings is not decoded")
	}
	found := m.s.candidates(m.budget, nil, o.Text, hits, o.depth)
	for i := range found {
		c := &found[i]
		from, to := o.Span(int(c.span.Start), int(c.span.End))
		c.span = Span{Start: int64(from), End: int64(to)}
		c.confidence = min(c.confidence, patterns.Likely)
		c.decoded = append([]Encoding{o.encoding}, c.decoded...)
	}
	return found
}

// isEncoded reports whether a keyword indicates an encoding.
func (s *Scanner) isEncoded(hit literal.Hit) bool {
	return hit.Word >= s.rules && hit.Word < s.rules+len(s.decoders)
}

// longest removes tokens that end at an escape where a longer token starts at the same
// offset.
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
