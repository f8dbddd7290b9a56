package expr

import (
	"regexp/syntax"
	"unicode/utf8"
)

// maxLen returns the greatest number of bytes in a match of re. ok is false if matches
// have no greatest length.
func maxLen(re *syntax.Regexp) (n int, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			n += literalLen(r, re.Flags&syntax.FoldCase != 0)
		}
		return n, true
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

// literalLen returns the greatest number of bytes in a rune that equals r. If case is
// ignored, some ASCII letters equal longer letters.
func literalLen(r rune, fold bool) int {
	n := utf8.RuneLen(r)
	if fold {
		for _, f := range foldings(r) {
			n = max(n, utf8.RuneLen(f))
		}
	}
	return n
}

// runeLen returns the number of bytes in the longest rune that re matches.
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

// maxLineFeeds returns the greatest number of line feeds in a match of re, whose matches
// must have a greatest length.
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
