package expr

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/literal"
)

func contains(text []byte, word string) bool { return literal.IndexFold(text, word) >= 0 }

// containsAny reports whether text contains one of the words, which are in lower case.
func containsAny(text []byte, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return contains(text, w) })
}

// containsAll reports whether text contains all of the words, which are in lower case.
func containsAll(text []byte, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !contains(text, w) })
}

// requiredWords returns words in lower case, one of which every match of re contains, or
// nil.
func requiredWords(re *syntax.Regexp) (words []string) {
	switch re.Op {
	case syntax.OpLiteral:
		// Without k and s, which equal letters beyond ASCII if case is ignored.
		word := strings.ToLower(string(re.Rune))
		if strings.Trim(word, "abcdefghijlmnopqrtuvwxyz") == "" && len(word) >= 4 {
			words = []string{word}
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			more := requiredWords(sub)
			if more == nil {
				return nil
			}
			words = append(words, more...)
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if words = requiredWords(sub); words != nil {
				break
			}
		}
	}
	return words
}

// requiredWordSets returns sets of words in lower case. Every ASCII text in which re
// matches contains all words of one set. The result is nil if no words are required.
func requiredWordSets(re *syntax.Regexp) (sets [][]string) {
	switch re.Op {
	case syntax.OpLiteral:
		words := strings.FieldsFunc(strings.ToLower(string(re.Rune)), func(r rune) bool { return (r < 'a' || 'z' < r) && (r < '0' || '9' < r) })
		if len(words) > 0 {
			sets = [][]string{words}
		}
	case syntax.OpCapture:
		return requiredWordSets(re.Sub[0])
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			more := requiredWordSets(sub)
			if more == nil {
				return nil
			}
			sets = append(sets, more...)
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			sets = product(sets, requiredWordSets(sub))
		}
	}
	return sets
}

// maxWordSets limits the sets of a concatenation, because alternatives multiply.
const maxWordSets = 64

// product returns the sets of two expressions that match one after the other. The sets
// of the first suffice if there are too many.
func product(first, second [][]string) (sets [][]string) {
	switch {
	case first == nil:
		return second
	case second == nil || len(first)*len(second) > maxWordSets:
		return first
	}
	for _, a := range first {
		for _, b := range second {
			sets = append(sets, slices.Concat(a, b))
		}
	}
	return sets
}
