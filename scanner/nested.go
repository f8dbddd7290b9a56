package scanner

import (
	"cmp"
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// removeNested removes the candidates that others cover: a presigned request in a token, the
// part of a token between two escapes, a token that a less specific rule matches too. An ID
// there names the owner of the credential, which keeps it as a part. The others are returned
// as dropped. The cluster must be sorted by position.
func removeNested(cluster []candidate) (rest, nested []candidate) {
	wholes := wholesOf(cluster)
	inside := make([]bool, len(cluster))
	found := dropNamed(cluster, inside)
	if len(wholes.indexes) == 0 && !found {
		return cluster, nil
	}
	rest = slices.Clone(cluster)
	for i := range cluster {
		c := &cluster[i]
		whole := i
		if !inside[i] {
			whole = wholes.longest(c)
		}
		if inside[i] = inside[i] || whole >= 0; !inside[i] {
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
				part.drop.Text = "the text of another credential"
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

// dropNamed marks the keys that only a name identifies and whose text is the secret of a
// pair, and reports whether there are any.
func dropNamed(cluster []candidate, drop []bool) (found bool) {
	isSame := func(a, b *candidate) bool { return a.span.Start == b.span.Start && a.span.End == b.span.End }
	for i := range cluster {
		c := &cluster[i]
		if c.rule.Kind != patterns.APIKey || c.specific > patterns.ByName {
			continue
		}
		for k := i + 1; k < len(cluster) && isSame(c, &cluster[k]); k++ {
			if o := &cluster[k]; o.rule.Kind.Role() == patterns.RoleSecret && o.alone && o.drop.IsZero() {
				drop[i], found = true, true
			}
		}
		for k := i - 1; k >= 0 && isSame(c, &cluster[k]); k-- {
			if o := &cluster[k]; o.rule.Kind.Role() == patterns.RoleSecret && o.alone && o.drop.IsZero() {
				drop[i], found = true, true
			}
		}
	}
	return found
}

// wholes is the candidates of a cluster that may cover others, and that no other covers.
type wholes struct {
	cluster []candidate
	indexes []int
	ends    []int64 // the greatest end of the wholes up to each index
}

func wholesOf(cluster []candidate) wholes {
	all := wholes{cluster: cluster}
	for i := range cluster {
		if cluster[i].mayHold() {
			all.add(i)
		}
	}
	out := wholes{cluster: cluster}
	for _, i := range all.indexes {
		if all.longest(&cluster[i]) < 0 {
			out.add(i)
		}
	}
	return out
}

func (w *wholes) add(i int) {
	end := w.cluster[i].span.End
	if n := len(w.ends); n > 0 {
		end = max(end, w.ends[n-1])
	}
	w.indexes, w.ends = append(w.indexes, i), append(w.ends, end)
}

// longest returns the index of the longest whole that covers c, or -1.
func (w *wholes) longest(c *candidate) int {
	after, _ := slices.BinarySearchFunc(w.indexes, c.span.End, func(i int, end int64) int { return cmp.Compare(w.cluster[i].span.Start, end) })
	whole := -1
	for k := after - 1; k >= 0 && w.ends[k] > c.span.Start; k-- {
		if o := &w.cluster[w.indexes[k]]; o.covers(c) && (whole < 0 || o.length() >= w.cluster[whole].length()) {
			whole = w.indexes[k]
		}
	}
	return whole
}

// mayHold reports whether c is of a kind that can contain other credentials, and will be
// reported.
func (c *candidate) mayHold() bool {
	return c.drop.IsZero() && (c.rule.Kind.Role() == patterns.RoleToken || c.rule.Kind == patterns.APIKey && c.alone)
}

// covers reports whether o is a part of c, or a less specific match of some of its text.
func (c *candidate) covers(o *candidate) bool {
	if c.rule.Kind == patterns.APIKey && o.rule.Kind == patterns.APIKey && c.specific != o.specific {
		return c.specific > o.specific && c.span.Start < o.span.End && o.span.Start < c.span.End
	}
	return c.contains(o)
}

// contains reports whether o is within c, and shorter.
func (c *candidate) contains(o *candidate) bool {
	return c.span.Start <= o.span.Start && o.span.End <= c.span.End && c.length() > o.length()
}
