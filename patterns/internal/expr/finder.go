package expr

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Finder reports whether an expression matches anywhere in a text. The zero Finder is not
// usable.
type Finder struct {
	words []string // where one of them is, in any case, the expression matches
	tree  *syntax.Regexp
	needs [][]string // an ASCII text with a match contains all words of one set; nil: not required
	regex func() *regexp.Regexp
}

// NewFinder returns a Finder of expr.
func NewFinder(expr string) (*Finder, error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	return &Finder{enough(tree), tree, requiredWordSets(tree), compileLater(expr)}, nil
}

// In reports whether the expression matches in text.
func (f *Finder) In(text []byte) bool {
	if containsAny(text, f.words) {
		return true
	}
	if f.needs != nil && isASCII(text) && !slices.ContainsFunc(f.needs, func(set []string) bool { return containsAll(text, set) }) {
		return false
	}
	return f.regex().Match(text)
}

// Suffix returns how many bytes at the end of a text decide whether the expression
// matches in it, if they are fewer than most, or else most. They are few if the expression
// matches only at the end, and its matches have a greatest length.
func (f *Finder) Suffix(most int) int {
	if f.tree.Op != syntax.OpConcat || f.tree.Sub[len(f.tree.Sub)-1].Op != syntax.OpEndText || requiresStart(f.tree) {
		return most
	}
	n, ok := maxLen(f.tree)
	if !ok {
		return most
	}
	return min(most, n+utf8.UTFMax) // a boundary reads one more character
}

// requiresStart reports whether an expression depends on the start of the text or a line.
func requiresStart(re *syntax.Regexp) bool {
	return re.Op == syntax.OpBeginText || re.Op == syntax.OpBeginLine || slices.ContainsFunc(re.Sub, requiresStart)
}

func isASCII(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf })
}

// enough returns words of which each is all that re needs to match, in any case:
// those among its alternatives that are plain words, or none if they are more than
// maxWordSets. They are a-z only.
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
		if len(words) > maxWordSets {
			return nil
		}
	case syntax.OpConcat:
		words = []string{""}
		for _, sub := range re.Sub {
			ends := enough(sub)
			if len(words)*len(ends) > maxWordSets {
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
