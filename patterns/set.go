package patterns

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/literal"
)

// Set is a compiled set of rules.
type Set struct {
	Rules []*Rule // in the order of the files
	Pairs []*Pair
	Names []*Names

	Profiles []*Profile

	byID   map[string]*Rule
	near   []*Rule
	values valueRules
	files  fileRules
	byWord [][]*Rule // the rules of each of words
	words  []literal.Word
}

// Builtin returns the built-in rules.
func Builtin() (*Set, error) {
	return NewSet(builtinFile())
}

// Custom is the family of rules that are not built in and do not name a family.
const Custom = "custom"

// NewSet returns the set of the rules in files. It validates all rules except the built-in
// ones, which tests validate. A repeated ID is an error.
func NewSet(files ...*File) (*Set, error) {
	s := &Set{byID: make(map[string]*Rule)}
	for _, f := range files {
		if err := s.add(f); err != nil {
			return nil, err
		}
	}
	return s, s.index()
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
	for _, r := range f.Rules {
		if err := s.addRule(r, f.tested); err != nil {
			return err
		}
	}
	return nil
}

// addRule adds a rule, and validates it unless it is tested.
func (s *Set) addRule(r *Rule, tested bool) error {
	if s.byID[r.ID] != nil {
		return fmt.Errorf("rule %s: the id is taken", r.ID)
	}
	if err := s.resolve(r); err != nil {
		return err
	}
	r.files = &s.files
	r.Severity, r.Family = cmp.Or(r.Severity, Medium), cmp.Or(r.Family, Custom)
	r.prepare()
	if !tested {
		if _, err := r.compiled(); err != nil {
			return err
		}
	}
	if r.Near != nil {
		s.near = append(s.near, r)
	}
	s.values.add(r)
	s.Rules = append(s.Rules, r)
	s.byID[r.ID] = r
	return s.files.add(r)
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

// index sets the words. Rules with the same keyword share a word.
func (s *Set) index() error {
	indexes := make(map[literal.Word]int)
	add := func(w literal.Word) int {
		i, ok := indexes[w]
		if !ok {
			i = len(s.words)
			indexes[w] = i
			s.words = append(s.words, w)
			s.byWord = append(s.byWord, nil)
		}
		return i
	}
	for _, r := range s.Rules {
		if r.InValues {
			continue
		}
		for _, k := range r.Keywords {
			w := literal.Word{Text: k[:min(len(k), maxWord)], Fold: r.IgnoreCase}
			if err := w.Check(); err != nil {
				return fmt.Errorf("rule %s: %w", r.ID, err)
			}
			i := add(w)
			s.byWord[i] = append(s.byWord[i], r)
		}
	}
	if !s.values.isEmpty() {
		for _, word := range anchors() {
			add(literal.Word{Text: word, Fold: true})
		}
		s.values.anchor = make([]bool, len(s.words))
		for _, word := range anchors() {
			s.values.anchor[indexes[literal.Word{Text: word, Fold: true}]] = true
		}
	}
	return nil
}

// IDs returns the IDs of the rules and pairs.
func (s *Set) IDs() []string {
	var out []string
	for _, r := range s.Rules {
		out = append(out, r.ID)
	}
	for _, p := range s.Pairs {
		out = append(out, p.ID)
	}
	return out
}

// Words returns the keywords of all rules, or their first bytes. A text without them has no
// matches of rules with keywords.
func (s *Set) Words() []literal.Word { return s.words }

// RulesOf returns the rules of a word, by its index in Words.
func (s *Set) RulesOf(word int) []*Rule { return s.byWord[word] }

// NearRules returns the rules that apply near findings of other rules.
func (s *Set) NearRules() []*Rule { return s.near }

// Rule returns the rule of an ID. The error for an unknown ID names similar ones.
func (s *Set) Rule(id string) (*Rule, error) {
	if r := s.byID[id]; r != nil {
		return r, nil
	}
	var similar []string
	for _, r := range s.Rules {
		if strings.Contains(r.ID, id) {
			similar = append(similar, r.ID)
		}
	}
	if len(similar) > 0 {
		return nil, fmt.Errorf("no rule %q; similar: %s", id, strings.Join(similar, ", "))
	}
	return nil, fmt.Errorf("no rule %q", id)
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
