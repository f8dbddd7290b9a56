package allow

import (
	"slices"
	"time"

	"github.com/keyguard/keyguard/scanner"
)

// List is a compiled allowlist. It records which entries were used, so it is for one
// goroutine.
type List struct {
	entries []Entry
	expired []bool
	used    []bool
	// Indexes into entries, ascending. Each entry is in one of these, by its most
	// selective condition.
	byFingerprint, byAccount, byRule map[string][]int
	rest                             []int
}

// NewList returns the list of entries at a time. Expired entries allow nothing.
func NewList(entries []Entry, now time.Time) *List {
	l := &List{
		entries: entries, expired: make([]bool, len(entries)), used: make([]bool, len(entries)),
		byFingerprint: make(map[string][]int), byAccount: make(map[string][]int), byRule: make(map[string][]int),
	}
	for i := range entries {
		e := &entries[i]
		if l.expired[i] = e.Expired(now); l.expired[i] {
			continue
		}
		switch {
		case len(e.Fingerprints) > 0:
			addToIndex(l.byFingerprint, e.Fingerprints, i)
		case len(e.Accounts) > 0:
			addToIndex(l.byAccount, e.Accounts, i)
		case len(e.Rules) > 0:
			addToIndex(l.byRule, e.Rules, i)
		default:
			l.rest = append(l.rest, i)
		}
	}
	return l
}

func addToIndex(index map[string][]int, keys []string, i int) {
	for _, k := range keys {
		index[k] = append(index[k], i)
	}
}

// Match returns the first entry that allows the finding, or nil.
func (l *List) Match(f *scanner.Finding) *Entry {
	first := -1
	for _, candidates := range l.candidates(f) {
		for _, i := range candidates {
			if first >= 0 && i > first {
				break
			}
			if l.entries[i].allows(f) {
				first = i
				break
			}
		}
	}
	if first < 0 {
		return nil
	}
	l.used[first] = true
	return &l.entries[first]
}

// anyPaths reports whether the paths of any entry that has not expired meet a condition.
func (l *List) anyPaths(such func(Paths) bool) bool {
	for i := range l.entries {
		if !l.expired[i] && such(l.entries[i].Paths) {
			return true
		}
	}
	return false
}

func (l *List) candidates(f *scanner.Finding) [][]int {
	out := [][]int{l.byRule[f.RuleID], l.byAccount[f.Account], l.rest}
	if len(l.byFingerprint) > 0 {
		for _, fp := range f.Fingerprints() {
			out = append(out, l.byFingerprint[fp])
		}
	}
	return out
}

// Expired returns the entries that had expired when the list was created.
func (l *List) Expired() []*Entry { return l.filter(func(i int) bool { return l.expired[i] }) }

// Unused returns the other entries that have not allowed a finding.
func (l *List) Unused() []*Entry {
	return l.filter(func(i int) bool { return !l.expired[i] && !l.used[i] })
}

func (l *List) filter(is func(int) bool) []*Entry {
	var out []*Entry
	for i := range l.entries {
		if is(i) {
			out = append(out, &l.entries[i])
		}
	}
	return slices.Clip(out)
}
