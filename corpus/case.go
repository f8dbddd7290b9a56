package corpus

import (
	"fmt"
	"hash/fnv"

	"github.com/keyguard/keyguard/internal/synth"
)

// Tier is the way in which the credentials of a case must be searched for.
type Tier string

// The tiers.
const (
	Plain   Tier = "plain"   // access keys in plain text
	Encoded Tier = "encoded" // encoded access keys
	Other   Tier = "other"   // other credentials than access keys
)

// Case is a labelled template.
type Case struct {
	Name    string // a-z, 0-9 and dashes
	Group   string // name of its file, without extension
	Tier    Tier
	Family  string // of the rules that should find its credentials
	From    string // origin of the layout
	File    string // a realistic path in a repository
	HeldOut bool   // scored, but not for tuning
	Text    string // the template
	As      string // filters for the whole text, separated by bars
	Wants   []Want
	May     []string // names of values that are optional findings
	Round   uint64   // selects the fake values; the floors are for 0
}

// Want is a credential in a case. Names and Classes have the same length.
type Want struct {
	Kind    string // pair, id, secret, token or key
	Names   []string
	Classes []Class
	// The lines that must contain the secret; 0 for any.
	First, Last int
}

// secret returns the name of the value that a finding of the whole credential spans.
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

// Expand expands the template, with the same values each time in a round.
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
			return nil, fmt.Errorf("case %s: its text has no value %s", c.Name, n)
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

// Class is a kind of value that figures count.
type Class string

// The classes. A pair is found if it was reported as one finding; its parts are counted
// on their own too.
const (
	ID     Class = "id"
	Secret Class = "secret"
	Token  Class = "token"
	Key    Class = "key"
	Pair   Class = "pair"
)
