package scanner

import (
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// removeNested removes the candidates within a longer credential: a presigned request in a
// token, or the part of a token between two escapes. An ID there names the owner of the
// credential, which keeps it as a part. The others are returned as dropped.
func removeNested(cluster []candidate) (rest, nested []candidate) {
	var wholes []int
	for i := range cluster {
		if cluster[i].mayHold() {
			wholes = append(wholes, i)
		}
	}
	if len(wholes) == 0 {
		return cluster, nil
	}
	rest = slices.Clone(cluster)
	inside := make([]bool, len(cluster))
	for i := range cluster {
		c := &cluster[i]
		whole := i
		for _, k := range wholes {
			if o := &cluster[k]; o.holds(c) && o.length() > cluster[whole].length() {
				whole = k
			}
		}
		if inside[i] = whole != i; !inside[i] {
			continue
		}
		if c.rule.Kind.Role() == patterns.RoleID && c.drop.IsZero() && rest[whole].owner == nil {
			rest[whole].owner = c
			continue
		}
		part := *c
		if part.drop.IsZero() {
			part.drop = patterns.Drop{By: patterns.ByPair, Text: "a part of a longer credential"}
		}
		nested = append(nested, part)
	}
	n := 0
	for i := range rest {
		if !inside[i] {
			rest[n] = rest[i]
			n++
		}
	}
	return rest[:n], nested
}
