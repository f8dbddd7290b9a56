package patterns

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// finder tells whether an expression matches anywhere in a text.
type finder struct {
	words []string   // where one of them is, in any case, the expression matches
	needs [][]string // in ASCII text it matches only where all words of one of them are; nil: anywhere
	regex func() *regexp.Regexp
}

// newFinder checks expr now and compiles it when it is first needed.
func newFinder(expr string) (f finder, err error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return f, err
	}
	return finder{enough(tree), requiredWordSets(tree), sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}, nil
}

func (f *finder) matches(text []byte) bool {
	has := func(word string) bool { return indexFold(text, word) >= 0 }
	switch {
	case slices.ContainsFunc(f.words, has):
		return true
	case f.needs == nil || !isASCII(text):
	case !slices.ContainsFunc(f.needs, func(all []string) bool { return !slices.ContainsFunc(all, func(w string) bool { return !has(w) }) }):
		return false
	}
	return f.regex().Match(text)
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// letters returns sets of words in lower case, digits among their letters: all of one
// set are in every ASCII text that re matches. It returns nil if it can match without any.
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

// both returns the sets of words of two expressions that match one after the other. If
// they are too many, those of the first do.
func product(first, second [][]string) (sets [][]string) {
	switch {
	case first == nil:
		return second
	case second == nil || len(first)*len(second) > maxWords:
		return first
	}
	for _, a := range first {
		for _, b := range second {
			sets = append(sets, slices.Concat(a, b))
		}
	}
	return sets
}

// maxWords bounds the words of an expression: a row of alternatives, which any
// configuration may hold, multiplies.
const maxWords = 64

// enough returns words of which each is all that re needs to match, in any case:
// those among its alternatives that are plain words, or none if they are more than
// maxWords. They are a-z only.
func enough(re *syntax.Regexp) (words []string) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		words = []string{""}
	case syntax.OpLiteral:
		if word, ok := wordOf(re, "abcdefghijklmnopqrstuvwxyz"); ok && re.Flags&syntax.FoldCase != 0 {
			words = append(words, word)
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			words = append(words, enough(sub)...)
		}
		if len(words) > maxWords {
			return nil
		}
	case syntax.OpConcat:
		words = []string{""}
		for _, sub := range re.Sub {
			ends := enough(sub)
			if len(words)*len(ends) > maxWords {
				return nil
			}
			var longer []string
			for _, end := range ends {
				for _, begin := range words {
					longer = append(longer, begin+end)
				}
			}
			words = longer
		}
	}
	return words
}

// wordOf returns a literal in lower case, ok if it is of these letters only.
func wordOf(literal *syntax.Regexp, letters string) (word string, ok bool) {
	word = strings.ToLower(string(literal.Rune))
	return word, strings.Trim(word, letters) == ""
}
