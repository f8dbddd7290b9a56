package corpus_test

import (
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/proof"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
)

// mutation is a change to an example, after which its rule must not find it.
type mutation struct {
	name string // without a secret
	text string
}

// specimen is an expanded example, with its credential and the tags that produced the secret.
type specimen struct {
	example
	text  string
	found credential
	tags  []tag
}

// tag is a tag with a length in a template, such as {{hex 32}}.
type tag struct {
	kind       string
	length     int
	start, end int // in the template
	at         int // offset of the value in the secret
	value      string
}

// Tags of random characters, some with a checksum.
var lengthTag = regexp.MustCompile(`\{\{(b64|b64url|b32|hex|alnum|upnum|upper|lower|letters|lownum|digits|b58|dna|crc62|crc36|crchex|crcupper|crcle) (\d+)(?:#\w+)?\}\}`)

// specimen returns the specimen of an example. ok is false if the secret is encoded, since
// mutations need its place in the text.
func (q *quality) specimen(e example) (s specimen, ok bool) {
	text, _ := e.expand(e.template, 0)
	c, ok := q.find(e.rule, text)
	s = specimen{example: e, text: text, found: c}
	if !ok || text[c.span.Start:c.span.End] != c.secret {
		return s, false
	}
	s.tags = e.tagsIn(c.secret)
	return s, true
}

// tagsIn returns the tags whose values the secret contains.
func (e example) tagsIn(secret string) (out []tag) {
	at := 0
	for _, m := range lengthTag.FindAllStringSubmatchIndex(e.template, -1) {
		g := tag{kind: e.template[m[2]:m[3]], start: m[0], end: m[1]}
		g.length, _ = strconv.Atoi(e.template[m[4]:m[5]])
		_, x := e.expand(e.template[:m[0]]+fmt.Sprintf("{{%s %d#probe}}", g.kind, g.length)+e.template[m[1]:], 0)
		g.value, _ = x.Named("probe")
		if i := strings.Index(secret[at:], g.value); i >= 0 && len(g.value) > 1 {
			g.at = at + i
			at = g.at + len(g.value)
			out = append(out, g)
		}
	}
	return out
}

// with returns the text of the template with other text instead of a tag.
func (s *specimen) with(g tag, replacement string) string {
	text, _ := s.expand(s.template[:g.start]+replacement+s.template[g.end:], 0)
	return text
}

// withSecret returns the text with another secret.
func (s *specimen) withSecret(secret string) string {
	return s.text[:s.found.span.Start] + secret + s.text[s.found.span.End:]
}

// keywordsIn returns the offsets of the rule's keywords in the secret.
func (s *specimen) keywordsIn(secret string) (out [][2]int) {
	for _, k := range s.rule.Keywords {
		in := secret
		if s.rule.IgnoreCase {
			in, k = strings.ToLower(in), strings.ToLower(k)
		}
		for at := 0; ; {
			i := strings.Index(in[at:], k)
			if i < 0 {
				break
			}
			out = append(out, [2]int{at + i, at + i + len(k)})
			at += i + 1
		}
	}
	return out
}

// prefixes returns a mutation for each byte of a keyword in the secret, and one for its first
// byte if the template has it.
func (s *specimen) prefixes() (out []mutation) {
	secret := s.found.secret
	var offsets []int
	for _, k := range s.keywordsIn(secret) {
		for i := k[0]; i < k[1]; i++ {
			offsets = append(offsets, i)
		}
	}
	const longest = 8 // of a prefix without a keyword, such as sk-
	if len(offsets) > 0 && len(s.tags) > 0 && s.tags[0].at > 0 && s.tags[0].at <= longest {
		offsets = append(offsets, 0)
	}
	slices.Sort(offsets)
	for _, i := range slices.Compact(offsets) {
		for _, c := range replacements(secret[i]) {
			changed := secret[:i] + string(c) + secret[i+1:]
			if before := s.keywordsIn(secret); isWithin(i, before) && len(s.keywordsIn(changed)) == len(before) {
				continue // another keyword, as ghp_ and gho_ are
			}
			name := fmt.Sprintf("prefix: byte %d of the secret, %q, replaced by %q", i+1, secret[i], c)
			out = append(out, mutation{name, s.withSecret(changed)})
			break
		}
	}
	return out
}

func isWithin(i int, ranges [][2]int) bool {
	return slices.ContainsFunc(ranges, func(r [2]int) bool { return r[0] <= i && i < r[1] })
}

// replacements returns other characters of the same class, rare ones first.
func replacements(c byte) string {
	class := "q"
	switch {
	case 'a' <= c && c <= 'z':
		class = "qjzkwv"
	case 'A' <= c && c <= 'Z':
		class = "QJZKWV"
	case '0' <= c && c <= '9':
		class = "73591"
	}
	return strings.ReplaceAll(class, string(c), "")
}

// lengths returns mutations that are one byte shorter and one byte longer than the rule
// allows. The checksum of a tag stays right.
func (s *specimen) lengths() (out []mutation) {
	if s.rule.Decode != "" {
		return nil
	}
	least, most := s.secretLength()
	if s.rule.Tail != (patterns.Class{}) || s.rule.Until != "" {
		most = math.MaxInt32
	}
	size := len(s.found.secret)
	for _, g := range s.tags {
		for _, to := range []int{least - 1, most + 1} {
			if n := g.length + to - size; n >= 0 && to < 3000 {
				replacement := fmt.Sprintf("{{%s %d}}", g.kind, n)
				name := fmt.Sprintf("length: %d bytes, %s instead of %s; %d to %d are right", to, replacement, s.template[g.start:g.end], least, most)
				out = append(out, mutation{name, s.with(g, replacement)})
			}
		}
	}
	if len(s.tags) > 0 || s.rule.AsIs { // rules of binary data find secrets beside other text
		return out
	}
	if size == least {
		out = append(out, mutation{"length: without the last byte", s.withSecret(s.found.secret[:size-1])})
	}
	if size == most {
		more := replacements(s.found.secret[size-1])[:1]
		out = append(out, mutation{"length: with one more byte", s.withSecret(s.found.secret + more)})
	}
	return out
}

// secretLength returns the least and the greatest length of the secret in a match.
func (s *specimen) secretLength() (least, most int) {
	re, err := syntax.Parse(s.rule.Regex, syntax.Perl)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range []string{"secret", ""} {
		if group := groupOf(re, name); group != nil {
			return spread(group)
		}
	}
	return spread(re)
}

// groupOf returns the first group of an expression with a name, or nil.
func groupOf(re *syntax.Regexp, name string) *syntax.Regexp {
	if re.Op == syntax.OpCapture && re.Name == name {
		return re
	}
	for _, sub := range re.Sub {
		if g := groupOf(sub, name); g != nil {
			return g
		}
	}
	return nil
}

// spread returns the least and the greatest number of characters in a match.
func spread(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune), len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, 1
	case syntax.OpCapture:
		return spread(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			a, b := spread(sub)
			least, most = least+a, most+b
		}
		return least, most
	case syntax.OpAlternate:
		least = math.MaxInt
		for _, sub := range re.Sub {
			a, b := spread(sub)
			least, most = min(least, a), max(most, b)
		}
		return least, most
	case syntax.OpQuest:
		_, most = spread(re.Sub[0])
		return 0, most
	case syntax.OpRepeat:
		a, b := spread(re.Sub[0])
		return a * re.Min, b * re.Max
	}
	return 0, 0
}

// alphabets returns mutations with a character that the example's tags cannot produce, at the
// start of a tag. It leaves out tags next to which a shorter secret remains.
func (s *specimen) alphabets() (out []mutation) {
	secret := s.found.secret
	least, _ := s.secretLength()
	c := s.foreign()
	for _, g := range s.tags {
		rest := len(secret) - g.at - 1
		if g.at >= least || rest >= least && len(s.keywordsIn(secret[:g.at])) == 0 || g.length < 2 {
			continue
		}
		replacement := fmt.Sprintf("%s{{%s %d}}", c, g.kind, g.length-1)
		out = append(out, mutation{fmt.Sprintf("alphabet: %s instead of %s", replacement, s.template[g.start:g.end]), s.with(g, replacement)})
	}
	return out
}

// placeholders returns mutations with texts that stand in for a secret, if tags are at least
// half of it.
func (s *specimen) placeholders() (out []mutation) {
	size := 0
	for _, g := range s.tags {
		size += len(g.value)
	}
	if size*2 < len(s.found.secret) {
		return nil
	}
	for _, unit := range []string{"x", "X", "0", "1234567890", "abcdefghijklmnopqrstuvwxyz", "0123456789abcdef"} {
		template := s.template
		for _, g := range slices.Backward(s.tags) {
			template = template[:g.start] + strings.Repeat(unit, len(g.value))[:len(g.value)] + template[g.end:]
		}
		text, _ := s.expand(template, 0)
		out = append(out, mutation{fmt.Sprintf("placeholder: %.16s…", unit), text})
	}
	return out
}

// foreign returns a character that the tags of the rule's examples cannot produce: a letter
// if possible.
func (s *specimen) foreign() string {
	var all strings.Builder
	for _, template := range s.rule.Examples {
		for _, m := range lengthTag.FindAllStringSubmatch(template, -1) {
			kind := m[1]
			if strings.HasPrefix(kind, "crc") {
				kind = "alnum" // before the checksum
			}
			chars, _ := synth.New(1).Expand("{{" + kind + " 500}}") // the example was expanded
			all.WriteString(chars)
		}
	}
	for _, c := range []string{"g", "Q", "q"} {
		if !strings.Contains(all.String(), c) {
			return c
		}
	}
	return "!"
}

// wrongChecksum returns the text with a value that the rule's proof refutes.
func (s *specimen) wrongChecksum() (mutation, bool) {
	secret := s.found.secret
	for i := len(secret) - 1; i >= 0; i-- {
		c := replacements(secret[i])[:1]
		changed := secret[:i] + c + secret[i+1:]
		if s.rule.Proof.Check([]byte(changed)).Verdict == proof.Refuted {
			return mutation{fmt.Sprintf("checksum: byte %d of the secret replaced by %q", i+1, c), s.withSecret(changed)}, true
		}
	}
	return mutation{}, false
}

// TestMutatedExamplesAreNotFound changes the prefix, the length and the alphabet of each
// example, or makes it a placeholder. Its rule must not find it any more; another rule may.
func TestMutatedExamplesAreNotFound(t *testing.T) {
	q := newQuality(t, true)
	q.eachExample(t, q.looseMatches)
}

func (q *quality) looseMatches(e example) (faults []string) {
	s, ok := q.specimen(e)
	if !ok || len(e.rule.Paths) > 0 {
		return nil
	}
	for _, m := range slices.Concat(s.prefixes(), s.lengths(), s.alphabets(), s.placeholders()) {
		if f, found := q.find(e.rule, m.text); found && !f.isDecoded {
			faults = append(faults, fmt.Sprintf("%s: still found: %s", m.name, masked(f.secret)))
		}
	}
	return faults
}

// TestWrongChecksums changes one byte of each example whose rule has a proof. A proof of
// effect drop drops it, and another lowers the confidence.
func TestWrongChecksums(t *testing.T) {
	q := newQuality(t, true)
	q.eachExample(t, q.acceptedChecksums)
}

func (q *quality) acceptedChecksums(e example) []string {
	s, ok := q.specimen(e)
	if !ok || e.rule.Proof == nil || e.rule.Proof.Check([]byte(s.found.secret)).Verdict != proof.Proven {
		return nil
	}
	m, ok := s.wrongChecksum()
	if !ok {
		return []string{"no change of one byte refutes its proof"}
	}
	drops := e.rule.Proof.Effect == "drop"
	switch f, found := q.find(e.rule, m.text); {
	case drops && found:
		return []string{m.name + ": still found, although the effect of its proof is drop"}
	case !drops && !found:
		return []string{m.name + ": not found, although its proof must only lower the confidence"}
	case found && f.confidence >= s.found.confidence:
		return []string{fmt.Sprintf("%s: found with confidence %s, as the right checksum is", m.name, f.confidence)}
	}
	return nil
}

// TestProofsHaveAnExample requires an example that the proof of its rule proves.
func TestProofsHaveAnExample(t *testing.T) {
	q := newQuality(t, true)
	for _, r := range q.rules {
		proven := func(e example) bool {
			text, _ := e.expand(e.template, 0)
			f, ok := q.find(r, text)
			return ok && r.Proof.Check([]byte(f.secret)).Verdict == proof.Proven
		}
		if r.Proof != nil && len(r.Examples) > 0 && !slices.ContainsFunc(examples(t, r), proven) {
			t.Errorf("rule %s: its proof proves none of its examples", r.ID)
		}
	}
}
