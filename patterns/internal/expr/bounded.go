package expr

import (
	"errors"
	"regexp"
	"regexp/syntax"
)

// ErrUnbounded is the error of an expression whose matches have no greatest length.
var ErrUnbounded = errors.New("the regex has no greatest length: write {0,40} for * and {1,40} for +, or use tail")

// Bounded is a regular expression whose matches have a greatest length.
type Bounded struct {
	limits
	groups []string // names, by index; the first is that of the whole match
	regex  func() *regexp.Regexp
}

// Parse returns the expression expr. If it is anchored, matches start at the offset at
// which they are searched.
func Parse(expr string, anchored bool) (*Bounded, error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if _, ok := maxLen(tree); !ok {
		return nil, ErrUnbounded
	}
	b := &Bounded{limits: newLimits(tree), groups: tree.CapNames()}
	anchor := ""
	if anchored {
		anchor = `\A`
	}
	b.regex = compileLater(anchor + "(?:" + expr + ")")
	return b, nil
}

// Regexp returns the compiled expression.
func (b *Bounded) Regexp() *regexp.Regexp { return b.regex() }

// MaxLen returns the greatest number of bytes in a match.
func (b *Bounded) MaxLen() int { return b.length }

// HasGroup reports whether the expression has a group.
func (b *Bounded) HasGroup() bool { return len(b.groups) > 1 }

// Groups returns the names of the groups by index. The name of the whole match, and of a
// group without a name, is "".
func (b *Bounded) Groups() []string { return b.groups }

// Cost is the part of a text that a search used.
type Cost struct {
	After int // bytes after the offset of the search on which its result depends
	Tried int // bytes on which expressions ran
}

// Find returns the offsets in text of the first match that contains text[at] and starts
// at from or later, as regexp.Regexp.FindSubmatchIndex does, or nil. An anchored
// expression needs from == at.
func (b *Bounded) Find(text []byte, from, at int) (loc []int, cost Cost) {
	end, after, ok := b.end(text, from, at)
	cost.After = after
	if !ok {
		return nil, cost
	}
	for from <= at {
		cost.Tried += end - from
		loc := find(b.regex(), text, from, end)
		if loc == nil || loc[0] > at {
			break
		}
		if loc[1] > at {
			return loc, cost
		}
		from = max(loc[1], from+1)
	}
	return nil, cost
}

// FindAt returns the match of an anchored expression at text[at], as Find does. Limits
// are not checked.
func (b *Bounded) FindAt(text []byte, at int) []int {
	return find(b.regex(), text, at, min(at+b.length+1, len(text)))
}

// find returns the offsets in text of a match in text[from:to], whose end is the end of
// the text for "$".
func find(regex *regexp.Regexp, text []byte, from, to int) []int {
	loc := regex.FindSubmatchIndex(text[from:to])
	for i := range loc {
		if loc[i] >= 0 {
			loc[i] += from
		}
	}
	return loc
}

// RunLen returns the least length of the run that every match contains, or 0.
func (b *Bounded) RunLen() int { return b.run.least }

// RunIsSubset reports whether all bytes of the required run are in a set, a bit for each.
func (b *Bounded) RunIsSubset(set [4]uint64) bool { return b.run.class.isSubset((*class)(&set)) }

// NextRun returns the first run of RunLen bytes or more that starts in text[from:to], or
// less than RunLen bytes after it, and may be in a match. The run may extend past to.
func (b *Bounded) NextRun(text []byte, from, to int) (start, end int, ok bool) {
	return b.run.class.nextRun(text, from, to, b.run.least, maxRunPast)
}
