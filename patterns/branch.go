package patterns

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"sync"
)

// bounds is what every match of an expression keeps to: enough to see that most
// keywords have none without trying it.
type bounds struct {
	reach  int      // greatest number of bytes from keyword to the end of a match
	lineFeeds int      // greatest number of line feeds among them
	run    runSpec      // that a match holds
	words  []string // of which it holds one, in any case; nil if there need be none
}

// newBounds returns the bounds of re, which has a greatest length.
func newBounds(re *syntax.Regexp) bounds {
	reach, _ := maxLen(re)
	return bounds{reach: reach, lineFeeds: maxLineFeeds(re), run: requiredRun(re, nil, nil)}
}

// end returns where the part of text ends that may be in a match for a keyword at
// at, one byte more than a match can have, or ok false if there is none. It goes by
// so many bytes after at.
func (b *bounds) end(text []byte, from, at int) (end, after int, ok bool) {
	end, ok = endOfLines(text, at, min(at+b.reach, len(text)), b.lineFeeds)
	after = b.reach + 1
	if ok {
		after = end + 1 - at
	}
	if b.run.least > rareRun {
		last, ok := b.run.lastEnd(text, from, end-b.run.least+1)
		if !ok {
			return 0, after, false
		}
		end = min(last+b.run.rest, end)
	}
	if b.words != nil && !slices.ContainsFunc(b.words, func(w string) bool { return indexFold(text[at:end], w) >= 0 }) {
		return 0, after, false
	}
	return min(end+1, len(text)), after, true
}

// branch is one of the ways in which an expression may match.
type branch struct {
	bounds
	regex func() *regexp.Regexp // of this way alone
}

// branches returns the ways in which re may match, if some diverge: most often those
// that go farther are ruled out. Then less of the text is read, and what is left out
// must not shorten a run.
func branches(re *syntax.Regexp) (out []branch) {
	if run := requiredRun(re, nil, nil); re.Op != syntax.OpConcat || run.class.Has('\n') {
		return nil
	}
	for i, sub := range re.Sub {
		if sub.Op != syntax.OpAlternate || sub.MaxCap() > 0 || !haveDifferentReach(sub) || slices.ContainsFunc(re.Sub[:i], ambiguous) {
			continue
		}
		for _, way := range sub.Sub {
			parts := slices.Clone(re.Sub)
			parts[i] = way
			one := &syntax.Regexp{Op: syntax.OpConcat, Sub: parts}
			b := branch{newBounds(one), sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\A(?:` + one.String() + `)`) })}
			b.words = requiredWords(way) // the keyword need not be looked for
			out = append(out, b)
		}
		return out
	}
	return nil
}

// varies reports whether re may match in several ways at one place. Then trying one
// branch behind it after the other might find another match.
func ambiguous(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass:
		return false
	case syntax.OpRepeat:
		return re.Min != re.Max || ambiguous(re.Sub[0])
	case syntax.OpConcat:
		return slices.ContainsFunc(re.Sub, ambiguous)
	case syntax.OpAlternate:
		var begin Class
		for _, sub := range re.Sub {
			first, ok := firstBytes(sub)
			if !ok || ambiguous(sub) || first.intersects(&begin) {
				return true
			}
			begin = begin.union(&first)
		}
		return false
	}
	return true
}

// diverge reports whether some of the alternatives stay within fewer lines than
// others, and all that go farthest hold a word by which they can be ruled out.
func haveDifferentReach(alternatives *syntax.Regexp) (some bool) {
	most := maxLineFeeds(alternatives)
	for _, way := range alternatives.Sub {
		switch {
		case maxLineFeeds(way) < most:
			some = true
		case requiredWords(way) == nil:
			return false
		}
	}
	return some
}

// needed returns words in lower case of which every match of re holds one.
func requiredWords(re *syntax.Regexp) (words []string) {
	switch re.Op {
	case syntax.OpLiteral:
		// A k or s in any case may be one beyond ASCII.
		if word, ok := wordOf(re, "abcdefghijlmnopqrtuvwxyz"); ok && len(word) >= 4 {
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
