package patterns

import (
	"math"
	"regexp/syntax"
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

// requiredRun returns the longest run of bytes of one ASCII class that every
// match of re contains, so that a text without such a run needs no matching.
func requiredRun(re *syntax.Regexp) (class Class, n int) {
	switch re.Op {
	case syntax.OpRepeat:
		if c, ok := asciiClass(re.Sub[0]); ok {
			return c, re.Min
		}
	case syntax.OpCapture:
		return requiredRun(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if c, m := requiredRun(sub); m > n {
				class, n = c, m
			}
		}
	}
	return class, n
}

func asciiClass(re *syntax.Regexp) (c Class, ok bool) {
	if re.Op != syntax.OpCharClass || len(re.Rune) == 0 || re.Rune[len(re.Rune)-1] > math.MaxInt8 {
		return c, false
	}
	for i := 0; i < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			c[r>>6] |= 1 << (r & 63)
		}
	}
	return c, true
}
