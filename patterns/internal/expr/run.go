package expr

import (
	"regexp/syntax"
	"slices"
)

// runSpec describes a run that every match of an expression contains: adjacent bytes of
// one class. The zero runSpec requires nothing.
type runSpec struct {
	class class
	least int    // least length
	most  int    // greatest length, with adjacent bytes of the class outside the run
	rest  int    // greatest number of bytes in a match after the run
	next  *class // first bytes after the run, unless it ends the text; nil: any
}

// requiredRun returns the longest run that every match of re contains. before and after
// are the expressions that surround re.
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

// lastEnd returns the end of the last run that starts in text[from:to] and may be in a
// match.
func (r *runSpec) lastEnd(text []byte, from, to int) (last int, ok bool) {
	for from < to {
		start, end, found := r.class.nextRun(text, from, to, r.least, min(r.most, maxRunPast))
		if !found {
			break
		}
		if end-start <= r.most && (r.next == nil || end == len(text) || r.next.has(text[end])) {
			last, ok = end, true
		}
		from = end
	}
	return last, ok
}
