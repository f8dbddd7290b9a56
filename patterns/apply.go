package patterns

import (
	"encoding/base64"
	"encoding/hex"
	"time"

	"github.com/keyguard/keyguard/internal/proof"
)

// MayMatchAt reports whether MatchAt may find a match. It reads at most before bytes
// before offset at, and is cheaper than MatchAt where a keyword is repeated.
func (r *Rule) MayMatchAt(text []byte, at int) (before int, ok bool) {
	if r.mustCompiled().secretOnly && !r.mayStart(text, at) {
		return leftReach, false
	}
	return 0, true
}

// MatchAt applies the rule to the keyword at offset at, and returns the first match that
// contains it. The text must extend to both sides as far as Reach requires, or to the
// ends of the scanned text.
func (r *Rule) MatchAt(text []byte, at int) (Match, bool) {
	if before, ok := r.MayMatchAt(text, at); !ok {
		return Match{Before: before}, false
	}
	c := r.mustCompiled()
	loc, cost := c.regex.Find(text, max(0, at-r.Before), at)
	if loc == nil {
		before := r.Before
		if c.secretOnly {
			before = leftReach
		}
		return Match{Before: before, After: cost.After, Tried: cost.Tried}, false
	}
	m, ok := r.newMatch(text, at, loc)
	m.Before = max(r.Before, surroundBefore+max(0, at-m.SecretStart))
	m.After = max(cost.After, m.SecretEnd-at+surroundAfter)
	m.Tried = cost.Tried
	return m, ok
}

// MatchNear applies a rule with Near and returns its matches that start in text[from:to],
// in order, and the offset at which to search the text that follows. Secrets and tokens
// among them can only complete a pair.
func (r *Rule) MatchNear(text []byte, from, to int) (out []Match, next int) {
	for from < to {
		start, end, ok := r.mustCompiled().regex.NextRun(text, from, to)
		if !ok {
			break
		}
		if m, ok := r.matchInRun(text, start, end); ok {
			role := r.Kind.Role()
			m.Alone = m.Alone && role != RoleSecret && role != RoleToken
			out = append(out, m)
		}
		from = end
	}
	return out, max(from, to)
}

// matchInRun returns the first match that starts in the run text[start:end]. A run may
// start with the end of an escape (\n, \x3d, %3D, \u003d), with the marks of a patch, or
// with a key ID and a slash.
func (r *Rule) matchInRun(text []byte, start, end int) (Match, bool) {
	c := r.mustCompiled()
	for _, skip := range []int{0, 1, 2, 3, 5, keyIDLen + 1} {
		at := start + skip
		if skip > 0 && (end-at < c.regex.RunLen() || !mayFollow(text, at)) {
			continue
		}
		if c.endsWithRun && end-at > c.regex.MaxLen() {
			continue // a match would end inside the run
		}
		if loc := c.regex.FindAt(text, at); loc != nil {
			if m, ok := r.newMatch(text, at, loc); ok {
				return m, true
			}
		}
	}
	return Match{}, false
}

// MatchFile applies a rule with Paths to the first FileReach bytes of a file, and returns
// the first match that no check drops.
func (r *Rule) MatchFile(text []byte) (Match, bool) {
	text = text[:min(len(text), FileReach)]
	for _, loc := range r.mustCompiled().regex.Regexp().FindAllSubmatchIndex(text, -1) {
		if m, ok := r.newMatch(text, loc[0], loc); ok && m.Drop.IsZero() && m.Alone {
			return m, true
		}
	}
	return Match{}, false
}

// newMatch returns the match of the keyword at offset at: loc holds the offsets of the
// regex and of its group. ok is false if the secret is a part of a longer word or cannot
// be decoded.
func (r *Rule) newMatch(text []byte, at int, loc []int) (m Match, ok bool) {
	m = Match{Start: loc[0], End: loc[1], SecretStart: loc[0], SecretEnd: loc[1], Alone: r.isAlone(), Severity: r.Severity}
	m.SecretStart, m.SecretEnd = r.mustCompiled().secretIn(loc)
	if m.End == m.SecretEnd {
		for limit := m.End + maxTail; m.End < len(text) && m.End < limit && r.Tail.Has(text[m.End]); m.End++ {
		}
		m.SecretEnd = m.End
	}
	if r.Until != "" && !r.extend(text, &m) {
		return m, false
	}
	if !r.isWholeWord(text, m) || !r.decode(text, &m) {
		return m, false
	}
	m.Specificity = ByName
	if len(r.Keywords) > 0 && m.SecretStart <= at && at < m.SecretEnd {
		m.Specificity = ByPrefix
	}
	return r.judge(text, at, loc, m), true
}

// judge returns the match of the keyword at offset at with its confidence and severity, or
// the reason why it is dropped.
func (r *Rule) judge(text []byte, at int, loc []int, m Match) Match {
	m.Confidence = Sure
	if r.Confidence != nil {
		m.Confidence = *r.Confidence
	}
	prefix := linePrefix(text, m.SecretStart)
	if r.MinEntropy > 0 && Entropy(m.Value) < r.MinEntropy { // first, because the rest costs more
		m.drop("entropy too low for a random secret")
		return m
	}
	if c := r.mustCompiled(); r.Unless != "" && c.unless.In(prefix[max(0, len(prefix)-c.unlessSuffix):]) {
		m.drop("named after another service")
		return m
	}
	if r.vocabulary != nil {
		m.Name = r.vocabulary.read(text, at, m.SecretStart)
	}
	from := max(0, at-contextReach)
	r.adjustConfidence(text[from:min(len(text), m.SecretEnd+contextAfter)], m.SecretStart-from, &m)
	if r.isDecoy(m.Value) {
		m.drop("a value that is published, or stands in for one")
	}
	r.runChecks(text, &m)
	m.Facts = r.mustCompiled().groupFacts(text, loc)
	if r.Proof != nil && m.Drop.IsZero() {
		r.runProof(&m)
	}
	if r.setSeverity(&m); r.Generic {
		m.Specificity = ByForm
	}
	return m
}

// extend extends the secret to the end of the match of Until. If there is none, m ends where
// the search does.
func (r *Rule) extend(text []byte, m *Match) bool {
	rest := text[m.End:min(len(text), m.End+maxTail)]
	loc := r.mustCompiled().until().FindIndex(rest)
	if loc == nil {
		m.End += len(rest)
		m.SecretEnd = m.End
		return false
	}
	m.End += loc[1]
	m.SecretEnd = m.End
	return true
}

// minProofBits is the redundancy from which a proof makes a match sure: random values pass
// once in a million.
const minProofBits = 20

// runProof drops a match, or adjusts its confidence, by the structure of its value.
func (r *Rule) runProof(m *Match) {
	result := r.Proof.Check(m.Value)
	m.Facts = append(m.Facts, result.Facts.List()...)
	if !result.Facts.Expires.IsZero() && result.Facts.Expires.Before(time.Now()) {
		m.Facts = append(m.Facts, proof.Fact{Name: "expired", Value: "yes"})
	}
	if result.Verdict == proof.Proven && r.Proof.Bits() >= minProofBits {
		m.Specificity = ByProof
	}
	switch {
	case result.Verdict == proof.Refuted && r.Proof.Effect == "drop":
		m.drop(result.Reason)
	case result.Verdict == proof.Refuted:
		m.Confidence = Unsure
	case m.Specificity == ByProof:
		m.Confidence = Sure
	}
}

// adjustConfidence lowers the confidence in a match whose surroundings or name do not
// confirm it. The secret starts at around[before].
func (r *Rule) adjustConfidence(around []byte, before int, m *Match) {
	if r.Sure != "" && !r.mustCompiled().sure.In(around[:before]) {
		m.Confidence = min(m.Confidence, Likely)
	}
	switch {
	case r.Kind.Role() == RoleSecret && (m.Name.Ownership == OwnerOther || m.Name.Ownership == OwnerUnknown):
		m.Alone, m.Confidence, m.Doubt = false, Unsure, "its name does not fit, and no matching ID is near"
	case m.Name.Ownership < OwnerLikely && r.Context != "" && !r.mustCompiled().context.In(around):
		m.Alone, m.Confidence = false, Unsure
	}
}

// decode sets the value of the match. It returns false if the secret cannot be decoded, or
// its value does not match Value.
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

// isWholeWord reports whether the secret is not a part of a longer word.
func (r *Rule) isWholeWord(text []byte, m Match) bool {
	return r.mayStart(text, m.SecretStart) && (m.SecretEnd >= len(text) || !r.Right.Has(text[m.SecretEnd]))
}

// mayStart reports whether a secret may start at an offset: the bytes before it do not
// extend it. They are leftReach bytes at most.
func (r *Rule) mayStart(text []byte, at int) bool {
	return at == 0 || !r.Left.Has(text[at-1]) || mayFollow(text, at)
}

// runChecks runs the checks in order, up to the first that drops the match.
func (r *Rule) runChecks(text []byte, m *Match) {
	for _, check := range r.mustCompiled().checks {
		if !m.Drop.IsZero() {
			return
		}
		check(text, m)
	}
}
