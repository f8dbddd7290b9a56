package patterns

import (
	"math"
	"regexp/syntax"
	"slices"
	"unicode"
)

// run is a row of bytes of one class that every match of an expression holds.
// Where there is none in reach of a keyword, the expression need not be tried.
type runSpec struct {
	class Class
	least int // bytes of the row
	most  int // of the row and what of its class stands around it
	rest  int // bytes of a match behind the row
	// What must follow a row, unless the text ends, if that alone ends it; else nil.
	next *Class
}

// endless is more bytes than any match has.
const unbounded = 1 << 20

// requiredRun returns the longest row that every match of re holds. before and
// after are the expressions that stand around re.
func requiredRun(re *syntax.Regexp, before, after []*syntax.Regexp) (longest runSpec) {
	switch re.Op {
	case syntax.OpRepeat:
		c, ok := asciiClass(re.Sub[0])
		if !ok {
			break
		}
		around := c.maxExtension(before, backward) + c.maxExtension(after, forward)
		rest, _ := maxLen(&syntax.Regexp{Op: syntax.OpConcat, Sub: after})
		return runSpec{c, re.Min, min(unbounded, re.Max+around), rest, c.terminators(after)}
	case syntax.OpCapture:
		return requiredRun(re.Sub[0], before, after)
	case syntax.OpConcat:
		for i, sub := range re.Sub {
			r := requiredRun(sub, slices.Concat(before, re.Sub[:i]), slices.Concat(re.Sub[i+1:], after))
			if r.least > longest.least {
				longest = r
			}
		}
	}
	return longest
}

// lastEnd returns where the last row ends that begins in text[from:to] and may be
// one of a match, or ok false if there is none.
func (r *runSpec) lastEnd(text []byte, from, to int) (last int, ok bool) {
	for from < to {
		start, end, found := r.class.runUpTo(text, from, to, r.least, min(r.most, maxRunPast))
		if !found {
			break
		}
		if end-start <= r.most && (r.next == nil || end == len(text) || r.next.Has(text[end])) {
			last, ok = end, true
		}
		from = end
	}
	return last, ok
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

type direction bool

const (
	forward  direction = false
	backward direction = true
)

// goesOn returns how far a row of the class can go on, at most, into what the
// expressions match: in the given direction, from the first or last of them on.
func (c *Class) maxExtension(list []*syntax.Regexp, d direction) int {
	n, through := c.edgeLength(list, d)
	if through {
		return unbounded // and on into the text around
	}
	return n
}

// edges returns how many bytes of the class there can be at one edge of what the
// expressions match, and whether that may be all of it.
func (c *Class) edgeLength(list []*syntax.Regexp, d direction) (n int, through bool) {
	for _, re := range inDirection(list, d) {
		most, through := c.edgeLengthOf(re, d)
		if n += most; !through {
			return n, false
		}
	}
	return min(n, unbounded), true
}

// edge is edges for one expression.
func (c *Class) edgeLengthOf(re *syntax.Regexp, d direction) (n int, through bool) {
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
		return c.edgeLength(re.Sub, d)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			m, thru := c.edgeLengthOf(sub, d)
			n, through = max(n, m), through || thru
		}
		return n, through
	case syntax.OpCapture:
		return c.edgeLengthOf(re.Sub[0], d)
	case syntax.OpQuest:
		n, _ = c.edgeLengthOf(re.Sub[0], d)
		return n, true
	case syntax.OpRepeat:
		if n, through = c.edgeLengthOf(re.Sub[0], d); through {
			n = min(n*re.Max, unbounded)
		}
		return n, through || re.Min == 0
	case syntax.OpEndText:
		return 0, d == backward
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return 0, true
	}
	return unbounded, true
}

// ending returns the bytes of which one must stand behind a row of the class, if list
// is what follows it, or nil if the row may go on there.
func (c *Class) terminators(list []*syntax.Regexp) *Class {
	next, ok := firstBytes(&syntax.Regexp{Op: syntax.OpConcat, Sub: list})
	if !ok || c.intersects(&next) {
		return nil
	}
	return &next
}

// meetsClass reports whether two classes have a byte in common.
func (c *Class) intersects(other *Class) bool {
	for i := range c {
		if c[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

// firstBytes returns the bytes that a match of re may begin with, ok if it cannot be
// empty, but at the end of the text.
func firstBytes(re *syntax.Regexp) (c Class, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		for r, f := re.Rune[0], re.Rune[0]; ; {
			c.addRange(f, f)
			if f = unicode.SimpleFold(f); f == r || re.Flags&syntax.FoldCase == 0 {
				return c, true
			}
		}
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

// optional reports whether re may be left out, and else begins as firstBytes says.
func optional(re *syntax.Regexp) bool {
	if re.Op != syntax.OpQuest && (re.Op != syntax.OpRepeat || re.Min > 0) {
		return false
	}
	_, ok := firstBytes(re.Sub[0])
	return ok
}

// addRange adds the first bytes of runes in UTF-8: those beyond ASCII share a few.
func (c *Class) addRange(lo, hi rune) {
	for r := lo; r <= min(hi, math.MaxInt8); r++ {
		c[r>>6] |= 1 << (r & 63)
	}
	if hi > math.MaxInt8 {
		c[2], c[3] = math.MaxUint64, math.MaxUint64
	}
}

func (c Class) union(other *Class) Class {
	for i := range c {
		c[i] |= other[i]
	}
	return c
}

// directed returns list as it is met when going in a direction.
func inDirection[T any](list []T, d direction) []T {
	if d == backward {
		list = slices.Clone(list)
		slices.Reverse(list)
	}
	return list
}

// within reports whether all bytes of the class are in another.
func (c *Class) isSubset(other *Class) bool {
	for i := range c {
		if c[i]&^other[i] != 0 {
			return false
		}
	}
	return true
}

// hasFold reports whether r is in the class, in upper or lower case.
func (c *Class) hasFold(r rune) bool {
	for f := unicode.SimpleFold(r); ; f = unicode.SimpleFold(f) {
		if f <= math.MaxInt8 && c.Has(byte(f)) {
			return true
		}
		if f == r {
			return false
		}
	}
}

// meets reports whether any byte of the class is in ranges of runes.
func (c *Class) intersectsRunes(ranges []rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= min(ranges[i+1], math.MaxInt8); r++ {
			if c.Has(byte(r)) {
				return true
			}
		}
	}
	return false
}
