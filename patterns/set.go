package patterns

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/literal"
)

// Set is a compiled set of rules.
type Set struct {
	Pairs []*Pair
	Names []*Names

	Profiles []*Profile

	mu      sync.Mutex // guards the rules in members
	members []member   // in the order of the files
	near    []*Rule
	local   []*Rule
	encoded []*Rule
	files   fileRules
	words   []literal.Word
	byWord  []atomic.Pointer[[]*Rule] // the rules of each of words, after its first use
	anchor  []bool                    // whether each of words is a part of names of values
	values  func() *valueRules
}

// Builtin returns the built-in rules.
func Builtin() (*Set, error) {
	return NewSet(builtinTable())
}

// Custom is the family of rules that are not built in and do not name a family.
const Custom = "custom"

// NewSet returns the set of the rules in files. It validates all rules except the built-in
// ones, which tests validate. A repeated ID is an error.
func NewSet(files ...*File) (*Set, error) {
	s := &Set{}
	for _, f := range files {
		if err := s.add(f); err != nil {
			return nil, err
		}
	}
	return s, s.setWords()
}

// add adds the tables of a file.
func (s *Set) add(f *File) error {
	s.Profiles = append(s.Profiles, f.Profiles...)
	for _, p := range f.Pairs {
		if s.Pair(p.ID) != nil {
			return fmt.Errorf("pair %s: the id is taken", p.ID)
		}
		if err := p.check(); err != nil {
			return fmt.Errorf("pair %q: %w", p.ID, err)
		}
		p.Severity, p.Family = cmp.Or(p.Severity, Medium), cmp.Or(p.Family, Custom)
		s.Pairs = append(s.Pairs, p)
	}
	for _, n := range f.Names {
		if err := n.prepare(); err != nil {
			return err
		}
		s.Names = append(s.Names, n)
	}
	s.members = slices.Grow(s.members, len(f.lazy)+len(f.Rules))
	for i := range f.lazy {
		if err := s.addLazy(&f.lazy[i]); err != nil {
			return err
		}
	}
	for _, r := range f.Rules {
		if err := s.addRule(r); err != nil {
			return err
		}
	}
	return nil
}

// addLazy adds a valid rule, and creates it if it is eager.
func (s *Set) addLazy(l *lazyRule) error {
	s.members = append(s.members, member{lazyRule: l})
	if !l.eager {
		return nil
	}
	return s.addEager(s.created(len(s.members) - 1))
}

// addRule validates and adds a rule.
func (s *Set) addRule(r *Rule) error {
	if s.index(r.ID) >= 0 {
		return fmt.Errorf("rule %s: the id is taken", r.ID)
	}
	if err := s.prepare(r); err != nil {
		return err
	}
	if _, err := r.compiled(); err != nil {
		return err
	}
	l := r.lazy()
	s.members = append(s.members, member{&l, r})
	if !l.eager {
		return nil
	}
	return s.addEager(r)
}

// addEager adds a rule to the lists of those that are needed without a hit.
func (s *Set) addEager(r *Rule) error {
	if r.Near != nil {
		s.near = append(s.near, r)
	}
	if r.HasFiles() {
		s.local = append(s.local, r)
	}
	if len(r.Encoded) > 0 {
		s.encoded = append(s.encoded, r)
	}
	return s.files.add(r)
}

// prepare sets the fields of a rule that depend on the set, and defaults.
func (s *Set) prepare(r *Rule) error {
	if err := s.resolve(r); err != nil {
		return err
	}
	r.files = &s.files
	r.Severity, r.Family = cmp.Or(r.Severity, Medium), cmp.Or(r.Family, Custom)
	r.prepare()
	return nil
}

// resolve sets the pair and the vocabulary of a rule. A rule of an earlier set may have the
// vocabulary already.
func (s *Set) resolve(r *Rule) error {
	r.pair = nil
	if i := slices.IndexFunc(s.Pairs, func(p *Pair) bool { return p.Owns(r) }); i >= 0 {
		r.pair = s.Pairs[i]
	}
	for _, n := range s.Names {
		if n.ID == r.Names {
			r.vocabulary = n
		}
	}
	if r.Names != "" && r.vocabulary == nil {
		return fmt.Errorf("rule %s: no [[names]] table has the id %q", r.ID, r.Names)
	}
	return nil
}

// maxWord is the number of bytes of a keyword that are searched. In text built from
// copied ranges, long words make more of it be searched again at the seams.
const maxWord = 16

// searched returns the bytes of a keyword that are searched.
func searched(keyword string) string { return keyword[:min(len(keyword), maxWord)] }

// setWords sets the words. Rules with the same keyword share a word.
func (s *Set) setWords() error {
	known := make(map[literal.Word]int, len(s.members)) // indexes into s.words
	add := func(w literal.Word) int {
		i, ok := known[w]
		if !ok {
			i = len(s.words)
			known[w] = i
			s.words = append(s.words, w)
		}
		return i
	}
	values := false
	s.words = make([]literal.Word, 0, len(s.members))
	for _, m := range s.members {
		if values = values || m.inValues || len(m.services) > 0; m.inValues {
			continue
		}
		for _, k := range m.keywords {
			w := literal.Word{Text: searched(k), Fold: m.fold}
			if err := w.Check(); err != nil {
				return fmt.Errorf("rule %s: %w", m.id, err)
			}
			add(w)
		}
	}
	if values {
		s.setAnchors(add)
	}
	s.values = sync.OnceValue(s.valueRules)
	s.byWord = make([]atomic.Pointer[[]*Rule], len(s.words))
	return nil
}

// IDs returns the IDs of the rules and pairs.
func (s *Set) IDs() []string {
	var out []string
	for _, m := range s.members {
		out = append(out, m.id)
	}
	for _, p := range s.Pairs {
		out = append(out, p.ID)
	}
	return out
}

// Words returns the keywords of all rules, or their first bytes. A text without them has no
// matches of rules with keywords.
func (s *Set) Words() []literal.Word { return s.words }

// NearRules returns the rules that apply near findings of other rules.
func (s *Set) NearRules() []*Rule { return s.near }

// LocalRules returns the rules that apply to certain files only, at keywords.
func (s *Set) LocalRules() []*Rule { return s.local }

// Rule returns the rule of an ID. The error for an unknown ID names similar ones.
func (s *Set) Rule(id string) (*Rule, error) {
	if i := s.index(id); i >= 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.created(i), nil
	}
	var similar []string
	for _, m := range s.members {
		if strings.Contains(m.id, id) {
			similar = append(similar, m.id)
		}
	}
	if len(similar) > 0 {
		return nil, fmt.Errorf("no rule %q; similar: %s", id, strings.Join(similar, ", "))
	}
	return nil, fmt.Errorf("no rule %q", id)
}

// index returns the index of a rule among the members, or -1.
func (s *Set) index(id string) int {
	return slices.IndexFunc(s.members, func(m member) bool { return m.id == id })
}

// FileRules returns the rules with a path that matches the path of a file, in any case.
// Paths of tests and examples have no rules, because sensitive files among them are
// usually public and harmless. Credentials are found there all the same.
func (s *Set) FileRules(name string) []*Rule { return s.files.ofPath(name) }

// NameRules returns the rules that may match a file of that name in some directory. Callers
// use it before they know the paths.
func (s *Set) NameRules(base []byte) []*Rule { return s.files.ofName(base) }

// Pair returns the pair of an ID, or nil.
func (s *Set) Pair(id string) *Pair {
	if i := slices.IndexFunc(s.Pairs, func(p *Pair) bool { return p.ID == id }); i >= 0 {
		return s.Pairs[i]
	}
	return nil
}

// Profile returns the profile of an ID, or nil.
func (s *Set) Profile(id string) *Profile {
	if i := slices.IndexFunc(s.Profiles, func(p *Profile) bool { return p.ID == id }); i >= 0 {
		return s.Profiles[i]
	}
	return nil
}
