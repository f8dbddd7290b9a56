package expr

import (
	"regexp"
	"regexp/syntax"
	"slices"
)

// alternative is an expression with one of its alternatives instead of all.
type alternative struct {
	limits
	regex func() *regexp.Regexp
}

// alternatives returns the alternatives of re, in order, if some reach fewer lines than
// others; otherwise nil.
//
// They exist for hostile texts. The expression of a secret's name, for example, reaches
// the rest of the line, or four lines more if these contain the word "default". Without
// the split, each hit with a run of base64 in its five lines runs the expression over all
// of them. With it, the long alternative is rejected for lack of the word, and the short
// one reads one line. In lines of repeated names with a run in each fifth line,
// expressions run on a third fewer bytes. Usual texts gain nothing.
//
// Less text must not shorten a run, so a run without line feeds is required.
func alternatives(re *syntax.Regexp) (out []alternative) {
	if re.Op != syntax.OpConcat {
		return nil
	}
	if run := requiredRun(re, nil, nil); run.class.has('\n') {
		return nil
	}
	for i, sub := range re.Sub {
		if sub.Op != syntax.OpAlternate || sub.MaxCap() > 0 || !haveDifferentReach(sub) || slices.ContainsFunc(re.Sub[:i], ambiguous) {
			continue
		}
		for _, choice := range sub.Sub {
			out = append(out, newAlternative(re, i, choice))
		}
		return out
	}
	return nil
}

// newAlternative returns re with choice as its i-th part.
func newAlternative(re *syntax.Regexp, i int, choice *syntax.Regexp) alternative {
	parts := slices.Clone(re.Sub)
	parts[i] = choice
	one := &syntax.Regexp{Op: syntax.OpConcat, Sub: parts}
	a := alternative{limits: newLimits(one), regex: compileLater(`\A(?:` + one.String() + `)`)}
	a.words = requiredWords(choice) // of choice alone: the hit already proves the keyword
	return a
}

// ambiguous reports whether re may match in several ways at one offset. Alternatives that
// follow it cannot be tried one by one, because another match might come first.
func ambiguous(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass:
		return false
	case syntax.OpRepeat:
		return re.Min != re.Max || ambiguous(re.Sub[0])
	case syntax.OpConcat:
		return slices.ContainsFunc(re.Sub, ambiguous)
	case syntax.OpAlternate:
		var seen class
		for _, sub := range re.Sub {
			first, ok := firstBytes(sub)
			if !ok || ambiguous(sub) || first.intersects(&seen) {
				return true
			}
			seen = seen.union(&first)
		}
		return false
	}
	return true
}

// haveDifferentReach reports whether some alternatives reach fewer lines than others, and
// those with the most lines all require words.
func haveDifferentReach(re *syntax.Regexp) (different bool) {
	most := maxLineFeeds(re)
	for _, choice := range re.Sub {
		switch {
		case maxLineFeeds(choice) < most:
			different = true
		case requiredWords(choice) == nil:
			return false
		}
	}
	return different
}
