package scanner

import (
	"fmt"
	"slices"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
)

// maxDepth is how many encodings within one another are undone.
const maxDepth = 2

// maxWord is how much of a word is looked for: the longer the words, the more of
// a text is searched again where it was made from pieces of another.
const maxWord = 12

// Around a keyword, escapes are undone this far.
const (
	escapesNear   = 240 // after a word that names a secret
	escapesBefore = 320
	escapesAfter  = 900
	escapesToken  = 6 << 10 // after a word that names a token, or begins one
	brokenWord    = 16      // the length from which a word with an escape in it may be a secret
)

// decoder undoes one encoding where a word shows it.
type decoder struct {
	name string
	view func(text []byte, at int) (decode.View, bool)
}

// decoders returns what credentials look like under each encoding: the words to
// look for, and the decoder of each.
func decoders() (words []literal.Word, list []decoder) {
	add := func(word string, fold bool, d decoder) {
		word = word[:min(len(word), maxWord)]
		words = append(words, literal.Word{Text: word, Fold: fold})
		list = append(list, d)
	}
	base64 := func(word string) []string {
		found, phases := decode.Base64Words(word)
		for i, phase := range phases {
			add(found[i], false, decoder{"base64", func(text []byte, at int) (decode.View, bool) { return decode.Base64(text, at, phase) }})
		}
		return found
	}
	for _, id := range []string{"AKIA", "ASIA", "ABIA"} {
		for _, once := range base64(id) {
			base64(once)
		}
		base64(spell(id, "%s\x00"))
		add(spell(id, "%s\x00"), false, decoder{"utf-16", decode.UTF16})
		add(spell(id, "%x"), true, decoder{"hex", decode.Hex})
		escapes := func(text []byte, at int) (decode.View, bool) {
			return decode.Escapes(text, max(0, at-escapesBefore), min(len(text), at+escapesAfter))
		}
		for _, form := range []string{"%%%02x", `\x%02x`, `\u%04x`, `\%03o`, "&#%d;", "&#x%x;"} {
			add(spell(id, form), true, decoder{"escapes", escapes})
		}
	}
	add(decode.GzipWord, false, decoder{"base64, gzip", decode.Gzip})
	for _, word := range []string{"aws_secret", "AWS_SECRET", "SecretAccessKey", "secret_access_key", "eyJwYXlsb2FkIjoi"} {
		base64(word)
	}
	return words, list
}

// spell writes each letter of word in a form.
func spell(word, form string) (out string) {
	for _, c := range []byte(word) {
		switch form {
		case "%s\x00":
			out += string(c) + "\x00"
		default:
			out += fmt.Sprintf(form, c)
		}
	}
	return out
}

// at returns the candidates that a word's occurrence leads to.
func (s *Scanner) at(text []byte, hit literal.Hit, depth int) []candidate {
	if k := hit.Word - s.rules; k >= 0 {
		if depth >= maxDepth || k >= len(s.decoders) {
			return nil
		}
		view, ok := s.decoders[k].view(text, hit.Pos)
		if !ok {
			return nil
		}
		return s.within(text, &view, s.decoders[k].name, depth)
	}
	var out []candidate
	for _, rule := range s.set.RulesOf(hit.Word) {
		if m, ok := rule.MatchAt(text, hit.Pos); ok {
			out = append(out, newCandidate(rule, m, text, 0))
		}
	}
	if depth >= maxDepth {
		return out
	}
	// What did not match may be written with escapes, and so may an id's secret.
	from, to := hit.Pos, hit.Pos+escapesNear
	switch kind := s.set.RulesOf(hit.Word)[0].Kind; {
	case kind == patterns.AccessKeyID:
		from, to = hit.Pos-escapesBefore, hit.Pos+escapesAfter
	case kind == patterns.Token:
		to = hit.Pos + escapesToken
	case len(out) > 0:
		return out
	}
	from, to = max(0, from), min(len(text), to)
	if !decode.Broken(text, from, to, brokenWord) {
		return out
	}
	if view, ok := decode.Escapes(text, from, to); ok {
		out = longest(append(out, s.within(text, &view, "escapes", maxDepth-1)...))
	}
	return out
}

// longest drops the tokens that begin where a longer one does: they end at an
// escape.
func longest(cands []candidate) []candidate {
	return slices.DeleteFunc(slices.Clone(cands), func(c candidate) bool {
		return c.rule.Kind == patterns.Token && slices.ContainsFunc(cands, func(o candidate) bool {
			return o.rule.Kind == patterns.Token && o.span.Start == c.span.Start && o.span.End > c.span.End
		})
	})
}

// within returns the candidates in a view of text, at their places in text.
func (s *Scanner) within(text []byte, view *decode.View, name string, depth int) []candidate {
	found := s.candidates(view.Text, s.literals.Append(nil, view.Text, 0, len(view.Text)), depth+1)
	for i := range found {
		c := &found[i]
		from, to := view.Span(int(c.span.Start), int(c.span.End))
		c.span = Span{Start: int64(from), End: int64(to)}
		c.excerpt = newExcerpt(text, from, to, 0)
		c.confidence = min(c.confidence, patterns.Likely)
		if c.decoded == "" {
			c.decoded = name
		} else {
			c.decoded = name + ", " + c.decoded
		}
	}
	return found
}

// decodeReach returns how many bytes before and after a word's occurrence its
// candidates may depend on.
func (s *Scanner) decodeReach(word int) (before, after int) {
	if word >= s.rules {
		return decode.Before, decode.After
	}
	before, after = s.set.WordReach(word)
	switch s.set.RulesOf(word)[0].Kind {
	case patterns.AccessKeyID:
		return max(before, escapesBefore), max(after, escapesAfter)
	case patterns.Token:
		return before, max(after, escapesToken)
	}
	return before, max(after, escapesNear)
}
