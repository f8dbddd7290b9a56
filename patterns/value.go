package patterns

import (
	"bytes"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/assign"
	"github.com/keyguard/keyguard/internal/literal"
)

// prefixLen is the least number of bytes of a keyword of a rule with InValues.
const prefixLen = 2

// anchors returns the words in names of values, in any case. Names with pass, auth, cred and
// key alone are found only where these are parts of such a word: the words cost too much.
func anchors() []string {
	return []string{
		"password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key", "private_key", "access_key", "app_key", "_key=", "_pwd", "pwd=",
		"userpwd", "authorization",
	}
}

// valueRules are the rules that apply to the values of names, by their indexes among the
// members of a set.
type valueRules struct {
	prefixes map[string][]int // by the first bytes of keywords
	services map[string][]int // by a word of services
}

// valueRules returns the rules for values.
func (s *Set) valueRules() *valueRules {
	v := &valueRules{make(map[string][]int), make(map[string][]int)}
	for i := range s.members {
		m := &s.members[i]
		if m.inValues {
			for _, k := range m.keywords {
				if start := k[:min(len(k), prefixLen)]; !slices.Contains(v.prefixes[start], i) {
					v.prefixes[start] = append(v.prefixes[start], i)
				}
			}
		}
		for _, service := range m.services {
			v.services[service] = append(v.services[service], i)
		}
	}
	return v
}

// setAnchors adds the anchors to the words.
func (s *Set) setAnchors(add func(literal.Word) int) {
	var indexes []int
	for _, word := range anchors() {
		indexes = append(indexes, add(literal.Word{Text: word, Fold: true}))
	}
	s.anchor = make([]bool, len(s.words))
	for _, i := range indexes {
		s.anchor[i] = true
	}
}

// IsAnchor reports whether a word, by its index in Words, is a part of the names to whose
// values rules apply.
func (s *Set) IsAnchor(word int) bool { return word < len(s.anchor) && s.anchor[word] }

// rules returns rules by their indexes among the members.
func (s *Set) rules(indexes []int) (out []*Rule) {
	if len(indexes) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range indexes {
		out = append(out, s.created(i))
	}
	return out
}

// Assigned is the matches of rules in the value of a name.
type Assigned struct {
	Rules   []*Rule
	Matches []Match // by the index of the rule
	// The number of bytes before and after the offset of the word on which the result
	// depends.
	Before, After int
}

// leastValue is the least number of bytes of a value.
const leastValue = 8

// MatchAssigned applies the rules for values to the name around the anchor text[at:end].
func (s *Set) MatchAssigned(text []byte, at, end int) (out Assigned) {
	a, after, ok := assign.Parse(text, at, end)
	out.Before, out.After = assign.Before, after
	if !ok || a.Reference || hasAnchor(text[a.Name.Start:at]) {
		return out // without a value, or matched at an earlier anchor in the name
	}
	start, last := a.Parts[0].Start, a.Parts[len(a.Parts)-1].End
	name := identifierWords(text[a.Name.Start:a.Name.End])
	if last-start < leastValue || namesOther(name) {
		return out
	}
	add := func(r *Rule, m Match) {
		out.Rules, out.Matches = append(out.Rules, r), append(out.Matches, m)
		out.Before, out.After = max(out.Before, m.Before), max(out.After, m.After)
	}
	for _, r := range s.rules(s.values().prefixes[string(text[start:start+prefixLen])]) {
		if m, ok := r.matchPrefix(text, at, start); ok {
			add(r, m)
		}
	}
	if len(s.values().services) == 0 {
		return out
	}
	value := a.AppendValue(nil, text)
	from := max(0, a.Name.Start-contextReach)
	out.Before, out.After = max(out.Before, at-from+surroundBefore), max(out.After, last-at+surroundAfter)
	rest, _, _ := bytes.Cut(text[last:min(len(text), last+contextAfter)], []byte{'\n'})
	for _, r := range s.rules(s.servicesIn(name, text[from:a.Name.Start], rest)) {
		if m, ok := r.matchWhole(text, at, start, last, value); ok {
			add(r, m)
			break // the first word is nearest to the value
		}
	}
	return out
}

// hasAnchor reports whether the start of a name has an anchor.
func hasAnchor(start []byte) bool {
	return len(start) >= 4 && slices.ContainsFunc(anchors(), func(word string) bool { return literal.IndexFold(start, word) >= 0 })
}

// matchPrefix applies a rule with InValues to the value at text[start:].
func (r *Rule) matchPrefix(text []byte, at, start int) (Match, bool) {
	if !slices.ContainsFunc(r.Keywords, func(k string) bool { return bytes.HasPrefix(text[start:], []byte(k)) }) {
		return Match{}, false
	}
	m, ok := r.MatchAt(text, start)
	m.After += start - at
	return m, ok
}

// matchWhole applies a rule with Services to the value in text[start:end].
func (r *Rule) matchWhole(text []byte, at, start, end int, value []byte) (Match, bool) {
	loc := r.mustCompiled().regex.FindAt(value, 0)
	if loc == nil || loc[1] != len(value) {
		return Match{}, false
	}
	m := Match{Start: start, End: end, SecretStart: start, SecretEnd: end, Alone: r.isAlone(), Severity: r.Severity, Specificity: ByName, Value: value}
	return r.judge(text, at, nil, m), true
}

// servicesIn returns the indexes of the rules of the services in a name, in the words before
// it in its line, in the lines that enclose it, and in the rest of its line, such as the URL of
// a request. The rules of the name come first.
func (s *Set) servicesIn(name string, before, rest []byte) (out []int) {
	const nearby = 48 // bytes before the name
	services := s.values().services
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	contexts := []string{name, identifierWords(line[max(0, len(line)-nearby):])}
	for _, outer := range enclosing(before) {
		contexts = append(contexts, identifierWords(outer))
	}
	contexts = append(contexts, identifierWords(rest))
	for k, context := range contexts {
		words := strings.Split(strings.Trim(context, "_"), "_")
		for i, word := range words {
			if k > 0 && len(word) < leastWord {
				continue
			}
			if i+1 < len(words) {
				out = append(out, services[word+"_"+words[i+1]]...)
				out = append(out, services[word+words[i+1]]...)
			}
			out = append(out, services[word]...)
		}
	}
	return out
}

// leastWord is the least number of letters of a service beside a name. A shorter one, such as
// dd, must be in the name.
const leastWord = 3

// namesOther reports whether a name is one of public or derived values, such as token_type.
func namesOther(name string) bool {
	words := strings.Split(strings.Trim(name, "_"), "_")
	switch words[len(words)-1] {
	case "url", "uri", "path", "file", "filename", "dir", "name", "type", "hash", "digest", "sha", "sha1", "sha256", "md5", "checksum", "version", "expires", "expiry", "expiration",
		"ttl", "length", "size", "count", "limit", "format", "label", "field", "header", "prefix", "suffix", "endpoint", "host", "arn", "ref", "placeholder", "regex", "pattern",
		"algorithm", "issuer", "scope", "scopes", "policy", "hint", "message", "error", "title", "description", "enabled", "required":
		return true
	}
	return slices.Contains(words, "public") || slices.Contains(words, "publishable") || slices.Contains(words, "csrf") || slices.Contains(words, "tokenizer")
}
