package patterns

import (
	"path"
	"slices"
)

// Profile is a named selection of rules, for users who want fewer of them.
type Profile struct {
	ID          string   `toml:"id"`
	Description string   `toml:"description"`
	Rules       []string `toml:"rules"` // rule IDs, with * as in path.Match
}

// DefaultProfile is the profile that applies unless another is selected.
const DefaultProfile = "default"

// Includes reports whether the profile selects the rule or pair of an ID.
func (p *Profile) Includes(id string) bool { return MatchesID(p.Rules, id) }

// MatchesID reports whether an ID is in a list of IDs, in which * matches any characters.
func MatchesID(list []string, id string) bool {
	return slices.ContainsFunc(list, func(pattern string) bool {
		ok, err := path.Match(pattern, id)
		return ok && err == nil
	})
}
