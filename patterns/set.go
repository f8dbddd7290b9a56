package patterns

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/internal/nesting"
)

//go:embed rules/*.toml
var builtin embed.FS

// File is what a rule file holds.
type File struct {
	Rules []*Rule  `toml:"rule"`
	Pairs []*Pair  `toml:"pair"`
	Names []*Names `toml:"names"`

	Profiles []*Profile `toml:"profile"`

	tested bool // its rules are right: a test runs them
}

// Pair says how the parts of one credential find each other. Its rule-like
// fields describe the finding that a pair becomes.
type Pair struct {
	ID          string   `toml:"id"`
	Family      string   `toml:"family"`
	Title       string   `toml:"title"`
	Description string   `toml:"description"`
	Since       string   `toml:"since"`
	Severity    Severity `toml:"severity"`
	Lines       int      `toml:"lines"` // greatest distance in lines
	Bytes       int      `toml:"bytes"` // greatest distance in bytes
}

// Revoke describes how to end the access that a credential grants.
type Revoke struct {
	Text    string `toml:"text" doc:"One or two sentences, if page and command are not enough."`
	Page    string `toml:"page" doc:"The page of the service on which it is revoked, or its documentation."`
	Command string `toml:"command" doc:"A command line that revokes it."`
	API     string `toml:"api" doc:"A request that revokes it: DELETE https://…"`
}

// Near makes a rule apply around matches of another kind, in place of
// keywords.
type Near struct {
	Kind  Kind `toml:"kind" doc:"The kind of the nearby finding."`
	Lines int  `toml:"lines" doc:"The greatest distance in lines."`
	Bytes int  `toml:"bytes" doc:"The greatest distance in bytes."`
}

// Set is a compiled set of rules.
type Set struct {
	Rules []*Rule // in the order of the files
	Pair  *Pair   // nil if the set pairs nothing
	Names []*Names

	Profiles []*Profile

	near   []*Rule
	files  []filePath
	names  namePrefilter // of files
	byWord [][]*Rule     // the rules of each word of literals
	words  []literal.Word
}

// Builtin returns the rules that keyguard comes with.
func Builtin() (*Set, error) {
	file, err := builtinFile()
	if err != nil {
		return nil, err
	}
	return NewSet(file)
}

// builtinFile returns the built-in rules. Each call returns rules of its own.
func builtinFile() (*File, error) {
	file, err := readFiles(builtin)
	if err != nil {
		return nil, err
	}
	file.tested = true
	return file, nil
}

// readFiles returns the rules of all files rules/*.toml in fsys, in order of name.
func readFiles(fsys fs.FS) (*File, error) {
	names, err := fs.Glob(fsys, "rules/*.toml")
	if err != nil {
		return nil, err
	}
	all := &File{}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		file, err := parseFile(name, data)
		if err != nil {
			return nil, err
		}
		file.setFamily(strings.TrimSuffix(path.Base(name), ".toml"))
		all.Rules, all.Pairs, all.Names = append(all.Rules, file.Rules...), append(all.Pairs, file.Pairs...), append(all.Names, file.Names...)
		all.Profiles = append(all.Profiles, file.Profiles...)
	}
	return all, nil
}

// ParseFile decodes a rule file. name is used in errors. Unknown keys are
// errors, and so is TOML that is nested too deep. The error of bad TOML is a
// toml.ParseError, which can show the place.
func ParseFile(name string, data []byte) (*File, error) {
	if err := nesting.Check(string(data)); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parseFile(name, data)
}

func parseFile(name string, data []byte) (*File, error) {
	file := new(File)
	meta, err := toml.Decode(string(data), file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("%s: unknown key %s", name, unknown[0])
	}
	return file, nil
}

// setFamily sets the family of rules and pairs that name none.
func (f *File) setFamily(family string) {
	for _, r := range f.Rules {
		r.Family = cmp.Or(r.Family, family)
	}
	for _, p := range f.Pairs {
		p.Family = cmp.Or(p.Family, family)
	}
}

// Custom is the family of rules that are not built in and name no family.
const Custom = "custom"

// NewSet makes a set of the rules of files, and checks those that do not come
// with keyguard. Two rules of the same id are an error.
func NewSet(files ...*File) (*Set, error) {
	s := &Set{}
	seen := make(map[string]bool)
	for _, f := range files {
		s.Profiles = append(s.Profiles, f.Profiles...)
		for _, p := range f.Pairs {
			if s.Pair != nil {
				return nil, fmt.Errorf("pair %s: there is a pair already, %s", p.ID, s.Pair.ID)
			}
			s.Pair = p
		}
		for _, n := range f.Names {
			if err := n.prepare(); err != nil {
				return nil, err
			}
			s.Names = append(s.Names, n)
		}
		for _, r := range f.Rules {
			if seen[r.ID] {
				return nil, fmt.Errorf("rule %s: the id is taken", r.ID)
			}
			seen[r.ID] = true
			if err := s.resolve(r); err != nil {
				return nil, err
			}
			r.Severity, r.Family = cmp.Or(r.Severity, Medium), cmp.Or(r.Family, Custom)
			r.prepare()
			if !f.tested {
				if _, err := r.compiled(); err != nil {
					return nil, err
				}
			}
			if r.Near != nil {
				s.near = append(s.near, r)
			}
			for _, p := range r.Paths {
				f := newFilePath(r, p)
				if err := s.names.add(&f); err != nil {
					return nil, err
				}
				s.files = append(s.files, f)
			}
			s.Rules = append(s.Rules, r)
		}
	}
	return s, s.index()
}

// resolve finds the vocabulary that a rule names. One that was in a set before has it.
func (s *Set) resolve(r *Rule) error {
	for _, n := range s.Names {
		if n.ID == r.Names {
			r.vocabulary = n
		}
	}
	if r.Names != "" && r.vocabulary == nil {
		return fmt.Errorf("rule %s: there is no [[names]] table %q", r.ID, r.Names)
	}
	return nil
}

// maxWord is how much of a keyword is looked for: the longer the words, the more
// of a text is searched again where it was made from pieces of another.
const maxWord = 16

// index lists the words. Rules that share a keyword share a word.
func (s *Set) index() error {
	for _, r := range s.Rules {
		for _, k := range r.Keywords {
			w := literal.Word{Text: k[:min(len(k), maxWord)], Fold: r.IgnoreCase}
			if err := w.Check(); err != nil {
				return fmt.Errorf("rule %s: %w", r.ID, err)
			}
			i := slices.Index(s.words, w)
			if i < 0 {
				i = len(s.words)
				s.words = append(s.words, w)
				s.byWord = append(s.byWord, nil)
			}
			s.byWord[i] = append(s.byWord[i], r)
		}
	}
	return nil
}

// IDs returns the ids of the rules, and of the pair.
func (s *Set) IDs() []string {
	var out []string
	for _, r := range s.Rules {
		out = append(out, r.ID)
	}
	if s.Pair != nil {
		out = append(out, s.Pair.ID)
	}
	return out
}

// Words returns the keywords of all rules: where none of them is, no rule with
// keywords matches.
func (s *Set) Words() []literal.Word { return s.words }

// RulesOf returns the rules of the word of that index in Words.
func (s *Set) RulesOf(word int) []*Rule { return s.byWord[word] }

// NearRules returns the rules that apply around matches of other rules.
func (s *Set) NearRules() []*Rule { return s.near }

// Rule returns the rule of that id. A missing one is an error that names those
// whose ids are alike.
func (s *Set) Rule(id string) (*Rule, error) {
	var alike []string
	for _, r := range s.Rules {
		if r.ID == id {
			return r, nil
		}
		if strings.Contains(r.ID, id) {
			alike = append(alike, r.ID)
		}
	}
	if len(alike) > 0 {
		return nil, fmt.Errorf("no rule %q; there is %s", id, strings.Join(alike, ", "))
	}
	return nil, fmt.Errorf("no rule %q", id)
}
