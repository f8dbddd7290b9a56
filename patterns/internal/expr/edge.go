package expr

import (
	"regexp/syntax"
	"slices"
)

// direction is the direction in which a run is extended.
type direction bool

const (
	forward  direction = false
	backward direction = true
)

// inDirection returns list in the order of a direction.
func inDirection[T any](list []T, d direction) []T {
	if d == backward {
		list = slices.Clone(list)
		slices.Reverse(list)
	}
	return list
}

// unbounded exceeds the length of every match.
const unbounded = 1 << 20

// maxExtension returns the greatest number of bytes by which a run of the class extends
// into the matches of the adjacent expressions.
func (c *class) maxExtension(list []*syntax.Regexp, d direction) int {
	n, whole := c.edgeOfList(list, d)
	if whole {
		return unbounded // the run may extend past the match
	}
	return n
}

// edgeOfList returns the greatest number of bytes of the class at one edge of a match of
// adjacent expressions. whole reports whether they may be the whole match.
func (c *class) edgeOfList(list []*syntax.Regexp, d direction) (n int, whole bool) {
	for _, re := range inDirection(list, d) {
		most, whole := c.edge(re, d)
		if n += most; !whole {
			return n, false
		}
	}
	return min(n, unbounded), true
}

// edge is edgeOfList for one expression.
func (c *class) edge(re *syntax.Regexp, d direction) (n int, whole bool) {
	switch re.Op {
	case syntax.OpLiteral:
		for i, r := range inDirection(re.Rune, d) {
			if !c.hasFold(r) {
				return i, false
			}
		}
		return len(re.Rune), true
	case syntax.OpCharClass:
		if c.intersectsRunes(re.Rune) {
			return 1, true
		}
		return 0, false
	case syntax.OpConcat:
		return c.edgeOfList(re.Sub, d)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			m, all := c.edge(sub, d)
			n, whole = max(n, m), whole || all
		}
		return n, whole
	case syntax.OpCapture:
		return c.edge(re.Sub[0], d)
	case syntax.OpQuest:
		n, _ = c.edge(re.Sub[0], d)
		return n, true
	case syntax.OpRepeat:
		if n, whole = c.edge(re.Sub[0], d); whole {
			n = min(n*re.Max, unbounded)
		}
		return n, whole || re.Min == 0
	case syntax.OpEndText:
		return 0, d == backward
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return 0, true
	}
	return unbounded, true
}

// terminators returns the bytes that may follow a run of the class before the expressions
// in list, or nil if the run may extend into their match.
func (c *class) terminators(list []*syntax.Regexp) *class {
	next, ok := firstBytes(&syntax.Regexp{Op: syntax.OpConcat, Sub: list})
	if !ok || c.intersects(&next) {
		return nil
	}
	return &next
}

// firstBytes returns the bytes with which a match of re may start. ok is false if a match
// may be empty before the end of the text.
func firstBytes(re *syntax.Regexp) (c class, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		first := re.Rune[:1]
		if re.Flags&syntax.FoldCase != 0 {
			first = foldings(re.Rune[0])
		}
		for _, r := range first {
			c.addRange(r, r)
		}
		return c, true
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			c.addRange(re.Rune[i], re.Rune[i+1])
		}
		return c, true
	case syntax.OpEndText:
		return c, true
	case syntax.OpCapture, syntax.OpQuest, syntax.OpRepeat:
		c, ok = firstBytes(re.Sub[0])
		return c, ok && !optional(re)
	case syntax.OpAlternate:
		ok = true
		for _, sub := range re.Sub {
			other, must := firstBytes(sub)
			c, ok = c.union(&other), ok && must
		}
		return c, ok
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			first, must := firstBytes(sub)
			if c = c.union(&first); must {
				return c, true
			}
			if !optional(sub) {
				break
			}
		}
	}
	return c, false
}

// optional reports whether re may be absent, and firstBytes describes it otherwise.
func optional(re *syntax.Regexp) bool {
	if re.Op != syntax.OpQuest && (re.Op != syntax.OpRepeat || re.Min > 0) {
		return false
	}
	_, ok := firstBytes(re.Sub[0])
	return ok
}
