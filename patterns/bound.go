package patterns

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// maxLen returns the greatest number of bytes that re can match, or ok false
// if there is none.
func maxLen(re *syntax.Regexp) (n int, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune) * runeLen(re), true
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return runeLen(re), true
	case syntax.OpCapture, syntax.OpQuest:
		return maxLen(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			m, ok := maxLen(sub)
			if !ok {
				return 0, false
			}
			n += m
		}
		return n, true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			m, ok := maxLen(sub)
			if !ok {
				return 0, false
			}
			n = max(n, m)
		}
		return n, true
	case syntax.OpRepeat:
		m, ok := maxLen(re.Sub[0])
		return m * re.Max, ok && re.Max >= 0
	case syntax.OpStar, syntax.OpPlus:
		return 0, false
	}
	return 0, true // anchors and boundaries
}

// endReach returns how many bytes at the end of a text decide whether expr matches
// it: few if expr is bounded and matches at the end only.
func endReach(expr string) int {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil || re.Op != syntax.OpConcat || re.Sub[len(re.Sub)-1].Op != syntax.OpEndText || strings.ContainsAny(expr, "^") || strings.Contains(expr, `\A`) {
		return contextReach
	}
	n, ok := maxLen(re)
	if !ok {
		return contextReach
	}
	return min(contextReach, n+utf8.UTFMax) // and what a boundary looks at
}

// runeLen is the number of bytes of re's longest rune.
func runeLen(re *syntax.Regexp) int {
	if re.Op == syntax.OpAnyChar || re.Op == syntax.OpAnyCharNotNL {
		return utf8.UTFMax
	}
	top := rune(0)
	for _, r := range re.Rune {
		top = max(top, r)
	}
	return utf8.RuneLen(min(top, utf8.MaxRune))
}

// maxBreaks returns the greatest number of line feeds in what re can match, which
// must be of bounded length.
func maxLineFeeds(re *syntax.Regexp) (n int) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r == '\n' {
				n++
			}
		}
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			if re.Rune[i] <= '\n' && '\n' <= re.Rune[i+1] {
				return 1
			}
		}
	case syntax.OpAnyChar:
		n = 1
	case syntax.OpRepeat:
		n = re.Max * maxLineFeeds(re.Sub[0])
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			n = max(n, maxLineFeeds(sub))
		}
	default:
		for _, sub := range re.Sub {
			n += maxLineFeeds(sub)
		}
	}
	return n
}
