package scanner

// chain is the findings of candidates that lie close enough to one another to be
// paired, however many clusters they are paired in. A credential that they repeat
// is one finding, with a part for each further place.
type chain struct {
	found  []Finding
	values map[string]int    // the first finding that holds a value
	pairs  map[[2]string]int // the pair of an id and a secret
	ids    map[string]int    // the first pair of an id
	uses   []int             // how often each finding is used again
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
	c.found, c.uses = append(c.found, f), append(c.uses, 0)
	c.note(f.Secret, at)
	for _, p := range f.Related {
		c.note(p.Secret, at)
	}
}

// nextUse returns a number for a further use of a finding.
func (c *chain) nextUse(at int) int {
	c.uses[at]++
	return c.uses[at]
}

// join adds a further part to a finding.
func (c *chain) join(at int, p Part) {
	c.found[at].Related = append(c.found[at].Related, p)
	c.note(p.Secret, at)
}

// joinCandidate adds a candidate, and the ID that it contains, to a finding.
func (c *chain) joinCandidate(at int, cand candidate, use int) {
	c.join(at, part(cand, use))
	if cand.owner != nil {
		c.join(at, part(*cand.owner, use))
	}
}

func (c *chain) note(value Secret, at int) {
	if _, ok := c.values[string(value)]; !ok {
		c.values[string(value)] = at
	}
}
