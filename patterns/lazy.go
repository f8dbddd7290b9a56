package patterns

import (
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
)

// lazyRule is a rule that is created at its first use, because a scan needs few of the
// built-in rules.
type lazyRule struct {
	id       string
	keywords []string
	fold     bool // case is ignored
	inValues bool // the keywords are searched only in values of names
	services []string
	eager    bool         // created with the set, because it is needed without a hit
	create   func() *Rule // returns a new copy
}

// lazy returns the rule as a lazy one.
func (r *Rule) lazy() lazyRule {
	eager := r.Near != nil || len(r.Paths)+len(r.Encoded) > 0 || r.HasFiles()
	return lazyRule{r.ID, r.Keywords, r.IgnoreCase, r.InValues, r.Services, eager, func() *Rule {
		c := *r
		return &c
	}}
}

// has reports whether the rule has a word of the set.
func (l *lazyRule) has(w literal.Word) bool {
	return !l.inValues && l.fold == w.Fold && slices.ContainsFunc(l.keywords, func(k string) bool { return searched(k) == w.Text })
}

// member is a rule of a set.
type member struct {
	*lazyRule
	rule *Rule // nil before its first use
}

// created returns a rule by its index among the members. s.mu must be locked.
func (s *Set) created(i int) *Rule {
	m := &s.members[i]
	if m.rule == nil {
		r := m.create()
		if err := s.prepare(r); err != nil {
			panic(err) // a test prepares the built-in rules
		}
		m.rule = r
	}
	return m.rule
}

// Rules returns all rules, in the order of the files.
func (s *Set) Rules() []*Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*Rule, len(s.members))
	for i := range out {
		out[i] = s.created(i)
	}
	return out
}

// RulesOf returns the rules of a word, by its index in Words.
func (s *Set) RulesOf(word int) []*Rule {
	if known := s.byWord[word].Load(); known != nil {
		return *known
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Rule
	for i := range s.members {
		if s.members[i].has(s.words[word]) {
			out = append(out, s.created(i))
		}
	}
	s.byWord[word].Store(&out)
	return out
}

// Select returns a file with copies of the rules that are enabled, by their IDs, and with
// the names. change is called for each copy before its first use.
func (s *Set) Select(enabled func(id string) bool, change func(*Rule)) *File {
	file := &File{Names: s.Names}
	for _, m := range s.members {
		if enabled(m.id) {
			file.lazy = append(file.lazy, lazyRule{m.id, m.keywords, m.fold, m.inValues, m.services, m.eager, func() *Rule {
				r := m.create()
				change(r)
				return r
			}})
		}
	}
	return file
}
