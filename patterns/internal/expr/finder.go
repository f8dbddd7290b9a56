package expr

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// Finder reports whether an expression matches anywhere in a text. The zero Finder is not
// usable.
type Finder struct {
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
	return &Finder{tree, requiredWordSets(tree), compileLater(expr)}, nil
}

// In reports whether the expression matches in text.
func (f *Finder) In(text []byte) bool {
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
