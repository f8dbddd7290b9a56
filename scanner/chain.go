package scanner

import (
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// chain is the findings of candidates that are close enough to be paired, in any number
// of clusters. A credential that they repeat is one finding, with a part for each further
// use.
type chain struct {
	found  []Finding
	values map[string]int    // the first finding with a value
	pairs  map[[2]string]int // the pair of an ID and a secret
	ids    map[string]int    // the first pair of an ID
	uses   []int             // number of further uses of each finding
	parts  int               // number of findings and their further parts
}

func newChain() *chain {
	return &chain{values: make(map[string]int), pairs: make(map[[2]string]int), ids: make(map[string]int)}
}

func (c *chain) addPair(f Finding) {
	at := len(c.found)
	c.pairs[[2]string{f.KeyID, string(f.Secret)}] = at
	if _, ok := c.ids[f.KeyID]; !ok {
		c.ids[f.KeyID] = at
	}
	c.add(f)
}

func (c *chain) add(f Finding) {
	at := len(c.found)
	c.parts++
	c.found, c.uses = append(c.found, f), append(c.uses, 0)
	c.record(f.Secret, at)
	for _, p := range f.Related {
		c.record(p.Secret, at)
	}
}

// size returns the number of findings and their further parts. A nil chain has none.
func (c *chain) size() int {
	if c == nil {
		return 0
	}
	return c.parts
}

// nextUse returns a number for a further use of a finding.
func (c *chain) nextUse(at int) int {
	c.uses[at]++
	return c.uses[at]
}

// join adds a further part to a finding.
func (c *chain) join(at int, p Part) {
	c.parts++
	list := &c.found[at].Related
	*list = append(grown(*list, 1), p)
	c.record(p.Secret, at)
}

// joinCandidate adds a candidate, and the ID that it contains, to a finding.
func (c *chain) joinCandidate(at int, cand *candidate, use int) {
	c.join(at, part(cand, use))
	if cand.owner != nil {
		c.join(at, part(cand.owner, use))
	}
}

func (c *chain) record(value Secret, at int) {
	if _, ok := c.values[string(value)]; !ok {
		c.values[string(value)] = at
	}
}

// single returns the finding of a candidate that is not paired.
func single(c *candidate) Finding {
	f := Finding{
		RuleID: c.rule.ID, Title: c.rule.Title, Description: c.rule.Description, Family: c.rule.Family, Owner: c.rule.Owner, Revoke: c.rule.Revoke, Kind: c.rule.Kind, Severity: c.severity,
		Confidence: c.confidence, Span: c.span, Secret: Secret(c.value), Bits: c.rule.Bits, Excerpt: c.excerpt, Drop: c.drop, Facts: c.facts,
		DecodedFrom: Decoding{Encodings: c.decoded}, rule: c.rule,
	}
	f.setName(c)
	if c.rule.Kind.Role() == patterns.RoleID {
		f.setID(c)
		if f.About.Temporary {
			f.Severity = patterns.Low // useless without its secret and token, and expires soon
		}
	}
	if c.owner != nil {
		f.setID(c.owner)
		f.Related = []Part{part(c.owner, 0)}
	}
	return f
}

// setID sets the fields that follow from the ID of the credential.
func (f *Finding) setID(id *candidate) {
	f.KeyID = string(id.value)
	f.About = id.rule.DescribeID(f.KeyID)
	f.Account = f.About.Account
}

func part(c *candidate, use int) Part {
	return Part{RuleID: c.rule.ID, Kind: c.rule.Kind, Span: c.span, Secret: Secret(c.value), Excerpt: c.excerpt, Use: use}
}

// grown returns a list with room for n more elements. Unlike append it doubles long lists
// too: the elements are large, and copying them takes most of the time of a long list.
func grown[T any](list []T, n int) []T {
	if len(list)+n > cap(list) && len(list) > 0 {
		return slices.Grow(list, max(n, len(list)))
	}
	return list
}
