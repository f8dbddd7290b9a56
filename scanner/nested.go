package scanner

import (
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// removeNested removes the candidates that others cover: a presigned request in a token, the
// part of a token between two escapes, a token that a less specific rule matches too. An ID
// there names the owner of the credential, which keeps it as a part. The others are returned
// as dropped.
func removeNested(cluster []candidate) (rest, nested []candidate) {
	wholes := wholesOf(cluster)
	if len(wholes) == 0 {
		return cluster, nil
	}
	rest = slices.Clone(cluster)
	inside := make([]bool, len(cluster))
	for i := range cluster {
		c := &cluster[i]
		whole := -1
		for _, k := range wholes {
			if o := &cluster[k]; o.covers(c) && (whole < 0 || o.length() > cluster[whole].length()) {
				whole = k
			}
		}
		if inside[i] = whole >= 0; !inside[i] {
			continue
		}
		if c.rule.Kind.Role() == patterns.RoleID && c.drop.IsZero() && rest[whole].owner == nil {
			rest[whole].owner = c
			continue
		}
		part := *c
		if part.drop.IsZero() {
			part.drop = patterns.Drop{By: patterns.ByPair, Text: "a part of a longer credential"}
			if !cluster[whole].contains(c) {
				part.drop.Text = "the text of a credential that " + cluster[whole].rule.ID + " finds"
			}
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

// wholesOf returns the indexes of the candidates that may cover others, and that no other
// covers.
func wholesOf(cluster []candidate) (out []int) {
	for i := range cluster {
		if cluster[i].mayHold() {
			out = append(out, i)
		}
	}
	all := out
	return slices.DeleteFunc(slices.Clone(all), func(i int) bool {
		return slices.ContainsFunc(all, func(k int) bool { return cluster[k].covers(&cluster[i]) })
	})
}

// mayHold reports whether c is of a kind that can contain other credentials, and will be
// reported.
func (c *candidate) mayHold() bool {
	role := c.rule.Kind.Role()
	return c.drop.IsZero() && (role == patterns.RoleToken || c.alone && (role == patterns.RoleSecret || c.rule.Kind == patterns.APIKey))
}

// covers reports whether o is a part of c, or a less specific match of some of its text. The
// secret of a pair covers only a key of the same text that its name identifies.
func (c *candidate) covers(o *candidate) bool {
	if c.rule.Kind.Role() == patterns.RoleSecret {
		return o.rule.Kind == patterns.APIKey && o.specific <= patterns.ByName && c.span.Start == o.span.Start && c.span.End == o.span.End
	}
	if c.rule.Kind == patterns.APIKey && o.rule.Kind == patterns.APIKey && c.specific != o.specific {
		return c.specific > o.specific && c.span.Start < o.span.End && o.span.Start < c.span.End
	}
	return c.contains(o)
}

// contains reports whether o is within c, and shorter.
func (c *candidate) contains(o *candidate) bool {
	return c.span.Start <= o.span.Start && o.span.End <= c.span.End && c.length() > o.length()
}
