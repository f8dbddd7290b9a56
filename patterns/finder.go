package patterns

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// finder tells whether an expression matches anywhere in a text.
type finder struct {
	words []string // where one of them is, in any case, the expression matches
	regex func() *regexp.Regexp
}

// newFinder checks expr now and compiles it when it is first needed.
func newFinder(expr string) (f finder, err error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return f, err
	}
	return finder{enough(tree), sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}, nil
}

func (f *finder) in(text []byte) bool {
	return slices.ContainsFunc(f.words, func(word string) bool { return indexFold(text, word) >= 0 }) || f.regex().Match(text)
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
