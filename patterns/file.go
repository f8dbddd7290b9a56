package patterns

import (
	"cmp"
	"fmt"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/internal/nesting"
)

// File holds the tables of a rule file.
type File struct {
	Rules []*Rule  `toml:"rule"`
	Pairs []*Pair  `toml:"pair"`
	Names []*Names `toml:"names"`

	Profiles []*Profile `toml:"profile"`
	Families []*Family  `toml:"family"` // only in built-in files

	lazy []lazyRule // valid rules, which come before Rules
}

// ParseFile decodes a rule file, whose name is used in errors. Unknown keys and TOML that
// is nested too deep are errors. The error of bad TOML is a toml.ParseError, which has its
// position.
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

// setFamily sets the family of rules and pairs without one.
func (f *File) setFamily(family string) {
	for _, r := range f.Rules {
		r.Family = cmp.Or(r.Family, family)
	}
	for _, g := range f.Families {
		g.ID = cmp.Or(g.ID, family)
	}
	for _, p := range f.Pairs {
		p.Family = cmp.Or(p.Family, family)
	}
}
