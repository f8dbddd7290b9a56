package patterns

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxPair is the greatest distance of the parts of a pair, in bytes. The scanner keeps as
// much text.
const maxPair = 8 << 10

// Pair joins the parts of one credential into one finding, which the fields that it shares
// with Rule describe. It is a [[pair]] table of a rule file. The parts are matches of the
// rules that name the pair, and of rules of certain kinds that name no pair.
type Pair struct {
	ID          string   `toml:"id" doc:"Lower-case letters, digits and dashes. Never changed, because fingerprints depend on it."`
	Family      string   `toml:"family" doc:"As of a rule."`
	Title       string   `toml:"title" doc:"A noun phrase, which reports show."`
	Description string   `toml:"description" doc:"The credential, and the access that it grants."`
	Since       string   `toml:"since" doc:"The version that introduced the pair."`
	Owner       string   `toml:"owner" doc:"The service that issues the credential."`
	Revoke      *Revoke  `toml:"revoke" doc:"How to end the access that the credential grants."`
	Severity    Severity `toml:"severity" doc:"The severity of a pair. Default: medium."`
	Kinds       []Kind   `toml:"kinds" doc:"Rules of these kinds belong to the pair, unless they name another."`
	Lines       int      `toml:"lines" doc:"The greatest distance of an ID and another part, in lines."`
	Bytes       int      `toml:"bytes" doc:"The greatest distance of an ID and another part, in bytes."`
}

// check validates the pair.
func (p *Pair) check() error {
	switch {
	case !isID(p.ID):
		return errors.New("an id consists of a-z, 0-9 and -")
	case p.Lines < 0 || p.Bytes < 1 || p.Bytes > maxPair:
		return fmt.Errorf("give the greatest distance of its parts: lines, and bytes from 1 to %d", maxPair)
	}
	return nil
}

func isID(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Owns reports whether a rule finds parts of the pair.
func (p *Pair) Owns(r *Rule) bool {
	if r.Pair != "" {
		return r.Pair == p.ID
	}
	return slices.Contains(p.Kinds, r.Kind)
}

// PartOf returns the pair of which the rule finds parts. It is nil if there is none, or if
// the set does not contain it.
func (r *Rule) PartOf() *Pair { return r.pair }

// isAlone reports whether a match is reported without other parts.
func (r *Rule) isAlone() bool { return r.Alone == nil || *r.Alone }

// IsNear reports whether the rule applies near matches of another rule, which must have the
// kind of Near, and the pair of the rule if it has one.
func (r *Rule) IsNear(other *Rule) bool {
	return r.Near.Kind == other.Kind && (r.pair == nil || r.pair == other.pair)
}

// FingerprintSalt returns the text that fingerprints of the rule's findings depend on, in
// addition to the secret. All rules for the secret of a pair share it, because the distance
// of the ID may decide which of them matches.
func (r *Rule) FingerprintSalt() string {
	switch {
	case r.Kind.Role() != RoleSecret:
		return "rule " + r.ID
	case r.Pair != "":
		return "pair " + r.Pair
	}
	return "kind " + string(r.Kind)
}
