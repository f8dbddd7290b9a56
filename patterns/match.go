package patterns

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
)

// Match is one place where a rule applies. Offsets are into the text given to
// MatchAt.
type Match struct {
	Start, End int // what the regex matched
	// Where the secret is: what is masked.
	SecretStart, SecretEnd int
	Value                  []byte // the secret: those bytes, or what they decode to
	Confidence             Confidence
	Alone                  bool   // a finding even without another half
	Name                   Name   // the name that it stands under, if the rule reads names
	Doubt                  string // why it is not Alone, if its name is the reason
	Drop                   Drop   // why it is not a finding
	// How many bytes before and after the keyword's offset MatchAt went by, and how
	// many the regex was run on. Where nothing matches they alone mean something.
	Before, After, Tried int
}

// MayMatchAt reports whether MatchAt may find a match, by no more than before bytes before
// offset at. It is cheaper than MatchAt where a keyword repeats itself.
func (r *Rule) MayMatchAt(text []byte, at int) (before int, ok bool) {
	if r.mustCompiled().wholeMatch && !r.mayBegin(text, at) {
		return leftReach, false
	}
	return 0, true
}

// MatchAt applies the rule where one of its keywords begins at offset at. The
// text must reach as far around it as Reach says, or to the ends of what is
// scanned. The match nearest after the keyword counts.
func (r *Rule) MatchAt(text []byte, at int) (Match, bool) {
	c := r.mustCompiled()
	if before, ok := r.MayMatchAt(text, at); !ok {
		return Match{Before: before}, false
	}
	start := max(0, at-r.Before)
	end, after, ok := c.end(text, start, at)
	none := Match{Before: r.Before, After: after}
	if c.wholeMatch {
		none.Before = leftReach
	}
	switch {
	case !ok:
		return none, false
	case c.branches != nil:
		return r.matchBranches(text, at, none)
	}
	for start <= at {
		none.Tried += end - start
		loc := c.regex().FindSubmatchIndex(text[start:end]) // "$" is the text's end
		if loc == nil || start+loc[0] > at {
			return none, false
		}
		if start+loc[1] > at {
			return r.newMatchAt(text, at, start, loc, none)
		}
		start += max(loc[1], 1)
	}
	return none, false
}

// matchBranches tries the branches that are not ruled out, in the regex's order.
func (r *Rule) matchBranches(text []byte, at int, none Match) (Match, bool) {
	for _, b := range r.mustCompiled().branches {
		end, _, ok := b.end(text, at, at)
		if !ok {
			continue
		}
		none.Tried += end - at
		if loc := b.regex().FindSubmatchIndex(text[at:end]); loc != nil {
			return r.newMatchAt(text, at, at, loc, none)
		}
	}
	return none, false
}

// found finishes a match and notes how far around the keyword it went.
func (r *Rule) newMatchAt(text []byte, at, base int, loc []int, none Match) (Match, bool) {
	m, ok := r.newMatch(text, at, base, loc)
	m.Before = max(r.Before, surroundBefore+max(0, at-m.SecretStart))
	m.After = max(none.After, m.SecretEnd-at+surroundAfter)
	m.Tried = none.Tried
	return m, ok
}

// What is looked at around a secret, by contexts and checks.
const (
	surroundBefore = max(contextReach, dataRun, foreignReach, lineReach)
	surroundAfter  = max(contextAfter, dataRun, foreignReach, lineReach)
)

// beforeBreak returns the place of the line feed in text[from:to] that comes after
// n others, or else to and ok false.
func endOfLines(text []byte, from, to, n int) (at int, ok bool) {
	for ; n >= 0; n-- {
		i := bytes.IndexByte(text[from:to], '\n')
		if i < 0 {
			return to, false
		}
		from += i + 1
	}
	return from - 1, true
}

// rareRun is the length beyond which a run is rare enough to be looked for first.
const rareRun = 8

// MatchNear applies a rule with Near to text[from:to] and returns its matches
// there, in order. A secret or token among them completes a pair, or nothing.
func (r *Rule) MatchNear(text []byte, from, to int) []Match {
	c := r.mustCompiled()
	var out []Match
	for from < to {
		start, end, ok := c.run.class.Run(text, from, to, c.run.least)
		if !ok {
			break
		}
		// The run may begin with the end of an escape (\n, \x3d, %3D, \u003d), with
		// the marks of a patch, or with the id itself and a slash.
		for _, skip := range []int{0, 1, 2, 3, 5, keyIDLen + 1} {
			at := start + skip
			if skip > 0 && (end-at < c.run.least || !mayFollow(text, at)) {
				continue
			}
			if c.closed && end-at > c.reach {
				continue // a match would end within the run
			}
			loc := c.regex().FindSubmatchIndex(text[at:min(at+c.reach+1, len(text))])
			if loc == nil {
				continue
			}
			if m, ok := r.newMatch(text, at, at, loc); ok {
				m.Alone = r.Kind != SecretKey && r.Kind != Token
				out = append(out, m)
				break
			}
		}
		from = end
	}
	return out
}

// finish turns the regex's result into a match: it settles the secret's
// bounds, then asks the checks.
func (r *Rule) newMatch(text []byte, at, base int, loc []int) (Match, bool) {
	m := Match{Start: base + loc[0], End: base + loc[1], SecretStart: base + loc[0], SecretEnd: base + loc[1], Alone: true}
	if len(loc) >= 4 && loc[2] >= 0 {
		m.SecretStart, m.SecretEnd = base+loc[2], base+loc[3]
	}
	if m.End == m.SecretEnd {
		for limit := m.End + maxTail; m.End < len(text) && m.End < limit && r.Tail.Has(text[m.End]); m.End++ {
		}
		m.SecretEnd = m.End
	}
	if !r.bounded(text, m) || !r.decode(text, &m) {
		return m, false
	}
	m.Confidence = Sure
	prefix := linePrefix(text, m.SecretStart)
	if r.MinEntropy > 0 && Entropy(m.Value) < r.MinEntropy { // before the dearer look around
		m.drop("entropy too low for a random secret")
		return m, true
	}
	if c := r.mustCompiled(); r.Unless != "" && c.unless.matches(prefix[max(0, len(prefix)-c.unlessReach):]) {
		m.drop("named after another service")
		return m, true
	}
	if r.vocabulary != nil {
		m.Name = r.vocabulary.read(text, at, m.SecretStart)
	}
	from := max(0, at-contextReach)
	r.adjustConfidence(text[from:min(len(text), m.SecretEnd+contextAfter)], m.SecretStart-from, &m)
	r.runChecks(text, &m)
	return m, true
}

// weigh lowers the confidence in a match if the text around it, before of which
// stand in front of the secret, does not speak for it.
func (r *Rule) adjustConfidence(around []byte, before int, m *Match) {
	if r.Sure != "" && !r.mustCompiled().sure.matches(around[:before]) {
		m.Confidence = min(m.Confidence, Likely)
	}
	switch {
	case r.Kind == SecretKey && (m.Name.Ownership == OwnerOther || m.Name.Ownership == OwnerUnknown):
		m.Alone, m.Confidence, m.Doubt = false, Unsure, "named otherwise, and no id is near that it belongs to"
	case m.Name.Ownership < OwnerLikely && r.Context != "" && !r.mustCompiled().context.matches(around):
		m.Alone, m.Confidence = false, Unsure
	}
}

// nameOf returns the name at the end of a line's start, such as that of a variable.
func nameOf(prefix []byte) []byte {
	prefix = bytes.TrimRight(prefix, " \t\"'`=:>[({,])}|?&\\")
	i := len(prefix)
	for i > 0 && (isBase64(prefix[i-1]) || isOneOf(prefix[i-1], "_.-")) {
		i--
	}
	return prefix[i:]
}

// linePrefix returns what stands before at in its line, as far as contextReach.
func linePrefix(text []byte, at int) []byte {
	before := text[max(0, at-contextReach):at]
	return before[bytes.LastIndexByte(before, '\n')+1:]
}

// decode sets the match's value. A value that is not what the rule expects of
// it is no match.
func (r *Rule) decode(text []byte, m *Match) bool {
	m.Value = text[m.SecretStart:m.SecretEnd]
	if r.Decode == "" {
		return true
	}
	decode := base64.StdEncoding.DecodeString
	if r.Decode == "hex" {
		decode = hex.DecodeString
	}
	decoded, err := decode(string(m.Value))
	if err != nil {
		return false
	}
	loc := r.mustCompiled().value().FindSubmatchIndex(decoded)
	if loc == nil {
		return false
	}
	if n := len(loc); loc[n-2] >= 0 {
		loc = loc[n-2:]
	}
	m.Value = decoded[loc[0]:loc[1]]
	return true
}

// bounded reports whether the secret is a token of its own, not part of a
// longer one.
func (r *Rule) bounded(text []byte, m Match) bool {
	return r.mayBegin(text, m.SecretStart) && (m.SecretEnd >= len(text) || !r.Right.Has(text[m.SecretEnd]))
}

// leftReach is how many bytes before a secret decide whether it may begin there.
const leftReach = keyIDLen + 2

// mayBegin reports whether a secret may begin at an offset: no word goes on there.
func (r *Rule) mayBegin(text []byte, at int) bool {
	return at == 0 || !r.Left.Has(text[at-1]) || mayFollow(text, at)
}

// judge runs the checks. The first that objects decides.
func (r *Rule) runChecks(text []byte, m *Match) {
	for _, check := range r.mustCompiled().checks {
		if check(text, m); !m.Drop.IsZero() {
			return
		}
	}
}

// beginsAt reports whether a value may begin at text[at] though the byte before it
// could be one of its own.
func mayFollow(text []byte, at int) bool {
	return escapeEndsAt(text, at) || optionEndsAt(text, at) || idEndsAt(text, at) || patchMarkEndsAt(text, at)
}

// maxMarks is how many bytes may mark a line as part of a patch: patches are quoted,
// combined, and compared with one another.
const maxMarks = 8

// addedAt reports whether nothing but the marks of a patch stands between the
// beginning of the line and text[at], the last of them a plus.
func patchMarkEndsAt(text []byte, at int) bool {
	if at == 0 || text[at-1] != '+' {
		return false
	}
	i := at - 1
	for limit := max(0, at-maxMarks); i > limit && isOneOf(text[i-1], "+- >|\t"); {
		i--
	}
	return i == 0 || isOneOf(text[i-1], "\r\n")
}

// escapeEndsAt reports whether an escape sequence ends right before text[at]:
// \n, %3D, \x3d, \u003d, \075 or an ANSI colour. Its last character is then no
// part of the word that begins at at, though it may look like one.
func escapeEndsAt(text []byte, at int) bool {
	back := func(n int) byte {
		if at-n < 0 {
			return 0
		}
		return text[at-n]
	}
	hex := func(n int) bool {
		for i := 1; i <= n; i++ {
			if !isHex(back(i)) {
				return false
			}
		}
		return true
	}
	switch {
	case back(2) == '\\' && isOneOf(back(1), "0abfnrtv"):
		return true
	case back(3) == '%' && hex(2):
		return true
	case back(4) == '\\' && (back(3) == 'x' || back(3) == 'X') && hex(2):
		return true
	case back(6) == '\\' && (back(5) == 'u' || back(5) == 'U') && hex(4):
		return true
	case back(4) == '\\' && isOneOf(back(3), "01234567") && isOneOf(back(2), "01234567") && isOneOf(back(1), "01234567"):
		return true
	}
	return back(1) == 'm' && ansiColorEndsAt(text, at)
}

// optionEndsAt reports whether a program's short option, such as -u, ends right
// before text[at].
func optionEndsAt(text []byte, at int) bool {
	return at >= 2 && text[at-2] == '-' && (at == 2 || isOneOf(text[at-3], " \t\n\"'"))
}

// idEndsAt reports whether an access key id and a slash end right before
// text[at].
func idEndsAt(text []byte, at int) bool {
	if at <= keyIDLen || text[at-1] != '/' {
		return false
	}
	id := text[at-1-keyIDLen : at-1]
	return isAWSPrefix(id) && ParseKeyID(string(id)).Generation != Malformed
}

// ansiColourEndsAt reports whether ESC [ digits and semicolons, m end at at.
func ansiColorEndsAt(text []byte, at int) bool {
	i := at - 2
	for limit := at - 20; i > limit && i >= 0 && isOneOf(text[i], "0123456789;"); i-- {
	}
	return i >= 1 && text[i] == '[' && text[i-1] == 0x1b
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isOneOf(c byte, set string) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}
