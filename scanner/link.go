package scanner

import (
	"cmp"
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// link is a possible pair, by index into a cluster.
type link struct {
	id, other int
	cost      int64
	lines     int
}

// Costs of a link, in bytes of distance. Of two equally distant IDs a secret belongs to
// the preceding one, and rarely to one with another ID in between.
const (
	lineCost    = 40
	beforeCost  = 30
	bareCost    = 400
	namedCost   = 800 // for a secret with an unknown name, or the name of another owner
	crossedCost = 4000
)

// neighbors is the number of IDs considered on either side of a secret: nearer ones would
// have to be taken first.
const neighbors = 8

// joiner joins parts of a pair in a cluster to IDs, which it has by index.
type joiner struct {
	pair    *patterns.Pair
	cluster []candidate
	ids     []int
}

// newJoiner returns the joiner for the IDs that are not dropped.
func newJoiner(p *patterns.Pair, cluster []candidate) *joiner {
	j := &joiner{pair: p, cluster: cluster}
	j.ids = j.indexes(patterns.RoleID)
	return j
}

// indexes returns the indexes of the parts of a role that are not dropped.
func (j *joiner) indexes(role patterns.Role) []int {
	var out []int
	for i := range j.cluster {
		if c := &j.cluster[i]; c.drop.IsZero() && c.isPart(j.pair, role) {
			out = append(out, i)
		}
	}
	return out
}

// assign matches others to IDs one to one, the cheapest link first, and marks both as
// taken.
func (j *joiner) assign(others []int, taken []bool) []link {
	var links []link
	for _, o := range others {
		at, _ := slices.BinarySearch(j.ids, o)
		for k := max(0, at-neighbors); k < min(len(j.ids), at+neighbors); k++ {
			if l, ok := j.link(k, o); ok {
				links = append(links, l)
			}
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(a.cost, b.cost) })
	var out []link
	for _, l := range links {
		if !taken[l.id] && !taken[l.other] {
			taken[l.id], taken[l.other] = true, true
			out = append(out, l)
		}
	}
	j.swap(out)
	return out
}

// swap exchanges the partners of nearby links if that lowers the sum of both costs. In
// "secret, ID, secret, ID", the nearest pair would be the two in the middle.
func (j *joiner) swap(links []link) {
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(a.id, b.id) })
	for i := range links {
		for k := i + 1; k < min(i+neighbors, len(links)); k++ {
			ki, _ := slices.BinarySearch(j.ids, links[i].id)
			kk, _ := slices.BinarySearch(j.ids, links[k].id)
			a, okA := j.link(ki, links[k].other)
			b, okB := j.link(kk, links[i].other)
			now, then := links[i].cost+links[k].cost, a.cost+b.cost
			// IDs first, then their secrets: in equal order, not nested.
			if okA && okB && (then < now || then == now && links[i].other > links[k].other) {
				links[i], links[k] = a, b
			}
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(a.cost, b.cost) })
}

// link returns the link of the ID with index k in ids and another part, and reports
// whether they are near enough to be paired.
func (j *joiner) link(k, other int) (link, bool) {
	at, _ := slices.BinarySearch(j.ids, other)
	crossed := max(at-k-1, k-at)
	id := j.ids[k]
	c := &j.cluster[other]
	a, b := j.cluster[id].span, c.span
	l := link{id: id, other: other, cost: int64(crossed) * crossedCost}
	if b.Start < a.Start {
		a, b = b, a
		l.cost += beforeCost
	}
	l.lines = max(0, b.Line-a.EndLine)
	bytes := max(0, b.Start-a.End)
	maxLines, maxBytes := j.pair.Lines, int64(j.pair.Bytes)
	if near := c.rule.Near; near != nil {
		maxLines, maxBytes = near.Lines, int64(near.Bytes)
		l.cost += bareCost
	}
	if c.doubt != "" {
		l.cost += namedCost
	}
	l.cost += bytes + int64(l.lines)*lineCost
	beside := l.lines == 0 || l.lines == 1 && id < other
	return l, l.lines <= maxLines && bytes <= maxBytes && c.name.Fits(j.cluster[id].name, beside)
}

// isNearest reports whether no other ID that counts is as near to the other part of a
// link as the link's own.
func (j *joiner) isNearest(own link) bool {
	ids := slices.DeleteFunc(slices.Clone(j.ids), func(i int) bool { return i != own.id && !j.cluster[i].drop.IsZero() })
	rivals := &joiner{j.pair, j.cluster, ids}
	k, _ := slices.BinarySearch(ids, own.id)
	mine, _ := rivals.link(k, own.other)
	at, _ := slices.BinarySearch(ids, own.other)
	for k := max(0, at-neighbors); k < min(len(ids), at+neighbors); k++ {
		if l, ok := rivals.link(k, own.other); ok && l.id != own.id && l.cost <= mine.cost {
			return false
		}
	}
	return true
}

// nearest returns the cheapest link of another part with an ID.
func (j *joiner) nearest(other int) (best link, ok bool) {
	at, _ := slices.BinarySearch(j.ids, other)
	for k := max(0, at-neighbors); k < min(len(j.ids), at+neighbors); k++ {
		if l, near := j.link(k, other); near && (!ok || l.cost < best.cost) {
			best, ok = l, true
		}
	}
	return best, ok
}
