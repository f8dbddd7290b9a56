package corpus

import (
	"fmt"
	"hash/fnv"

	"github.com/keyguard/keyguard/internal/synth"
)

// Tier says how a case's credentials have to be looked for.
type Tier string

// The tiers.
const (
	Plain   Tier = "plain"   // access keys as they are
	Encoded Tier = "encoded" // access keys behind an encoding
	Other   Tier = "other"   // credentials that are no access keys
)

// Case is a labelled template.
type Case struct {
	Name    string // of the case: a-z, 0-9 and dashes
	Group   string // the file that holds it, without its extension
	Tier    Tier
	From    string // where the layout comes from
	File    string // the path that such text has in a repository
	HeldOut bool   // scored, but not to tune on
	Text    string // the template
	As      string // filters for the whole text, separated by bars
	Wants   []Want
	May     []string // names of values that may be reported or not
	Round   uint64   // other made-up values for each; the floors are for 0
}

// Want is a credential that a case holds. Names and Classes belong together.
type Want struct {
	Kind    string // pair, id, secret, token or key
	Names   []string
	Classes []Class
	// The lines that the secret must lie on; 0 if that does not matter.
	First, Last int
}

// secret returns the name of what a finding of the whole credential spans.
func (w Want) secret() string {
	if w.Kind == "pair" {
		return w.Names[1]
	}
	return w.Names[0]
}

// Sample is an expanded case.
type Sample struct {
	Text   []byte
	Values map[string]string // by name
}

// Expand fills the template in, each time with the same values in a round.
func (c *Case) Expand() (*Sample, error) {
	e := synth.New(hash(c.Name) + c.Round)
	template := c.Text
	if c.As != "" {
		template = "{{(}}" + template + "{{)|" + c.As + "}}"
	}
	text, err := e.Expand(template)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	names := c.May
	for _, w := range c.Wants {
		names = append(names[:len(names):len(names)], w.Names...)
	}
	for _, n := range names {
		if _, ok := e.Named(n); !ok {
			return nil, fmt.Errorf("case %s: its text has nothing of the name %s", c.Name, n)
		}
	}
	return &Sample{Text: []byte(text), Values: e.Names()}, nil
}

func hash(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return h.Sum64()
}

func heldOut(name string) bool { return hash(name)>>32%4 == 0 }

// Class is what figures are told apart by.
type Class string

// The classes. A pair counts as found if it was reported as one; its parts
// count on their own as well.
const (
	ID     Class = "id"
	Secret Class = "secret"
	Token  Class = "token"
	Key    Class = "key"
	Pair   Class = "pair"
)
