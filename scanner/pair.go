package scanner

import (
	"cmp"
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// findings adds the findings of a cluster, sorted by position, to its chain, and returns
// the dropped candidates.
func (s *Scanner) findings(cluster []candidate, to *chain) (dropped []Finding) {
	drop := func(c *candidate) { dropped = append(grown(dropped, 1), single(c)) }
	secretsOf(cluster).hide(cluster)
	cluster, nested := removeNested(cluster)
	for i := range nested {
		drop(&nested[i])
	}
	taken := make([]bool, len(cluster))
	for _, p := range pairsOf(cluster) {
		dropHalves(p, cluster)
		join(p, cluster, taken, to)
	}
	for i := range cluster {
		c := &cluster[i]
		switch {
		case !c.drop.IsZero():
			drop(c)
			continue
		case taken[i]:
			continue
		case !c.alone:
			reason := cmp.Or(c.doubt, "half of a credential without its other half")
			if _, ok := to.values[string(c.value)]; ok {
				reason = "the value of a finding near it"
			}
			c.drop = patterns.Drop{By: patterns.ByPair, Text: reason}
			drop(c)
			continue
		}
		// A value that is already in a finding, such as the repeated ID of a pair, is
		// another use of that finding.
		if k, ok := to.values[string(c.value)]; ok {
			to.joinCandidate(k, c, to.nextUse(k))
		} else {
			to.add(single(c))
		}
	}
	return dropped
}

// pairsOf returns the pairs of which a cluster has parts, in the order of the parts.
func pairsOf(cluster []candidate) (out []*patterns.Pair) {
	for i := range cluster {
		if p := cluster[i].rule.PartOf(); p != nil && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// join joins the IDs of a pair with secrets, nearest first, then other parts to those.
func join(p *patterns.Pair, cluster []candidate, taken []bool, to *chain) {
	j := newJoiner(p, cluster)
	uses := make(map[int]int) // of IDs
	for _, l := range j.assign(j.indexes(patterns.RoleSecret), taken) {
		id, secret := &cluster[l.id], &cluster[l.other]
		if same, ok := to.pairs[[2]string{string(id.value), string(secret.value)}]; ok {
			use := to.nextUse(same)
			uses[l.id] = use
			to.joinCandidate(same, secret, use)
			to.joinCandidate(same, id, use)
			continue
		}
		to.addPair(newPair(p, id, secret, l.lines))
	}
	for _, role := range []patterns.Role{patterns.RoleToken, patterns.RoleUser, patterns.RoleHost} {
		j.complete(role, uses, taken, to)
	}
}

// complete joins the parts of a role to the findings of the nearest IDs.
func (j *joiner) complete(role patterns.Role, uses map[int]int, taken []bool, to *chain) {
	others := j.indexes(role)
	if len(others) == 0 {
		return
	}
	// A part can belong to the ID of a pair, so all IDs are free again.
	free := make([]bool, len(j.cluster))
	for _, l := range j.assign(others, free) {
		id, other := &j.cluster[l.id], &j.cluster[l.other]
		whole, paired := to.ids[string(id.value)]
		switch {
		case paired:
			to.joinCandidate(whole, other, uses[l.id])
		case other.alone && id.rule.DescribeID(string(id.value)).Temporary:
			f := single(other)
			f.setID(id)
			f.Related = append([]Part{part(id, 0)}, f.Related...)
			to.add(f)
			taken[l.id] = true
		default:
			continue
		}
		taken[l.other] = true
	}
}

// dropHalves drops the secrets and other parts of IDs that no account has: an emulator's
// key is harmless as a whole. A part stays if another ID is equally near: it may belong to
// that one, even if that has another secret already. The parts of IDs that are only examples
// stay too, because somebody may have replaced only one half.
func dropHalves(p *patterns.Pair, cluster []candidate) {
	j := &joiner{pair: p, cluster: cluster}
	emulated := false
	for i := range cluster {
		if c := &cluster[i]; c.isPart(p, patterns.RoleID) {
			j.ids = append(j.ids, i)
			emulated = emulated || c.drop.By == patterns.ByEmulator
		}
	}
	if !emulated {
		return
	}
	for _, role := range []patterns.Role{patterns.RoleSecret, patterns.RoleToken, patterns.RoleUser, patterns.RoleHost} {
		for _, l := range j.assign(j.indexes(role), make([]bool, len(cluster))) {
			if cluster[l.id].drop.By == patterns.ByEmulator && j.isNearest(l) {
				cluster[l.other].drop = cluster[l.id].drop
			}
		}
	}
}

// isPart reports whether c has a role in a pair.
func (c *candidate) isPart(p *patterns.Pair, role patterns.Role) bool {
	return c.rule.Kind.Role() == role && c.rule.PartOf() == p
}

// newPair returns the finding of an ID and its secret.
func newPair(p *patterns.Pair, id, secret *candidate, lines int) Finding {
	f := Finding{
		RuleID: p.ID, Title: p.Title, Description: p.Description, Family: p.Family, Owner: p.Owner, Revoke: p.Revoke, Kind: patterns.KeyPair, Severity: p.Severity,
		Confidence: patterns.Sure,
		Span:       secret.span, Secret: Secret(secret.value), Bits: secret.rule.Bits, Excerpt: secret.excerpt,
		Related: []Part{part(id, 0)}, rule: secret.rule,
		DecodedFrom: Decoding{Encodings: secret.decoded},
	}
	f.setID(id)
	f.setName(secret)
	if len(secret.decoded) == 0 {
		f.DecodedFrom.Encodings = id.decoded
	}
	bare := secret.rule.Near != nil
	if id.confidence == patterns.Unsure || lines > 15 || bare && lines > 3 {
		f.Confidence = patterns.Likely
	}
	if lines > 40 {
		f.Confidence = patterns.Unsure
	}
	return f
}
