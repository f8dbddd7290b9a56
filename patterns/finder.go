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

// enough returns words of which each is all that re needs to match, in any case:
// those among its alternatives that are plain words. They are a-z only.
func enough(re *syntax.Regexp) (words []string) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		words = []string{""}
	case syntax.OpLiteral:
		word := strings.ToLower(string(re.Rune))
		if re.Flags&syntax.FoldCase != 0 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
			words = append(words, word)
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			words = append(words, enough(sub)...)
		}
	case syntax.OpConcat:
		words = []string{""}
		for _, sub := range re.Sub {
			var longer []string
			for _, end := range enough(sub) {
				for _, begin := range words {
					longer = append(longer, begin+end)
				}
			}
			words = longer
		}
	}
	return words
}
