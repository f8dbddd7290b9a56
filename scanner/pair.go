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
	if s.set.Pair != nil {
		s.dropHalves(cluster)
		s.pairs(cluster, taken, to)
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

// pairs joins IDs with secrets, nearest first, then tokens to those pairs.
func (s *Scanner) pairs(cluster []candidate, taken []bool, to *chain) {
	ids := indexes(cluster, patterns.AccessKeyID)
	uses := make(map[int]int) // of IDs
	for _, l := range s.assign(cluster, ids, indexes(cluster, patterns.SecretKey), taken) {
		id, secret := &cluster[l.id], &cluster[l.other]
		if same, ok := to.pairs[[2]string{string(id.value), string(secret.value)}]; ok {
			use := to.nextUse(same)
			uses[l.id] = use
			to.joinCandidate(same, secret, use)
			to.joinCandidate(same, id, use)
			continue
		}
		to.addPair(s.pair(id, secret, l.lines))
	}
	// A token can belong to the ID of a pair, so all IDs are free again.
	free := make([]bool, len(cluster))
	for _, l := range s.assign(cluster, ids, indexes(cluster, patterns.Token), free) {
		id, token := &cluster[l.id], &cluster[l.other]
		whole, paired := to.ids[string(id.value)]
		switch {
		case paired:
			to.joinCandidate(whole, token, uses[l.id])
		case token.alone && patterns.Temporary(string(id.value)):
			f := single(token)
			f.KeyID, f.Account = string(id.value), patterns.ParseKeyID(string(id.value)).Account
			f.Related = append([]Part{part(id, 0)}, f.Related...)
			to.add(f)
			taken[l.id] = true
		default:
			continue
		}
		taken[l.other] = true
	}
}

// dropHalves drops the secrets and tokens of IDs that no AWS account has: an emulator's
// key is harmless as a whole. A half stays if another ID is equally near: it may belong
// to that one, even if that has another half already. The other halves of IDs that are
// only examples stay too, because somebody may have replaced only one half.
func (s *Scanner) dropHalves(cluster []candidate) {
	var ids []int
	emulated := false
	for i := range cluster {
		if c := &cluster[i]; c.rule.Kind == patterns.AccessKeyID {
			ids = append(ids, i)
			emulated = emulated || c.drop.By == patterns.ByEmulator
		}
	}
	if !emulated {
		return
	}
	for _, kind := range []patterns.Kind{patterns.SecretKey, patterns.Token} {
		for _, l := range s.assign(cluster, ids, indexes(cluster, kind), make([]bool, len(cluster))) {
			if cluster[l.id].drop.By == patterns.ByEmulator && s.isNearest(cluster, ids, l) {
				cluster[l.other].drop = cluster[l.id].drop
			}
		}
	}
}

// isNearest reports whether no other ID that counts is as near to the other half of a
// link as the link's own.
func (s *Scanner) isNearest(cluster []candidate, ids []int, own link) bool {
	rivals := slices.DeleteFunc(slices.Clone(ids), func(i int) bool { return i != own.id && !cluster[i].drop.IsZero() })
	k, _ := slices.BinarySearch(rivals, own.id)
	mine, _ := s.link(cluster, rivals, k, own.other)
	at, _ := slices.BinarySearch(rivals, own.other)
	for k := max(0, at-neighbors); k < min(len(rivals), at+neighbors); k++ {
		if l, ok := s.link(cluster, rivals, k, own.other); ok && l.id != own.id && l.cost <= mine.cost {
			return false
		}
	}
	return true
}

func indexes(cluster []candidate, kind patterns.Kind) []int {
	var out []int
	for i := range cluster {
		if c := &cluster[i]; c.drop.IsZero() && c.rule.Kind == kind {
			out = append(out, i)
		}
	}
	return out
}

// assign matches others to IDs one to one, the cheapest link first, and marks both as
// taken.
func (s *Scanner) assign(cluster []candidate, ids, others []int, taken []bool) []link {
	var links []link
	for _, o := range others {
		at, _ := slices.BinarySearch(ids, o)
		for k := max(0, at-neighbors); k < min(len(ids), at+neighbors); k++ {
			if l, ok := s.link(cluster, ids, k, o); ok {
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
	s.swap(cluster, ids, out)
	return out
}

// swap exchanges the partners of nearby links if that lowers the sum of both costs. In
// "secret, ID, secret, ID", the nearest pair would be the two in the middle.
func (s *Scanner) swap(cluster []candidate, ids []int, links []link) {
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(a.id, b.id) })
	for i := range links {
		for j := i + 1; j < min(i+neighbors, len(links)); j++ {
			ki, _ := slices.BinarySearch(ids, links[i].id)
			kj, _ := slices.BinarySearch(ids, links[j].id)
			a, okA := s.link(cluster, ids, ki, links[j].other)
			b, okB := s.link(cluster, ids, kj, links[i].other)
			now, then := links[i].cost+links[j].cost, a.cost+b.cost
			// IDs first, then their secrets: in equal order, not nested.
			if okA && okB && (then < now || then == now && links[i].other > links[j].other) {
				links[i], links[j] = a, b
			}
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(a.cost, b.cost) })
}

// link returns the link of the ID with index k in ids and another part, and reports
// whether they are near enough to be paired.
func (s *Scanner) link(cluster []candidate, ids []int, k, other int) (link, bool) {
	at, _ := slices.BinarySearch(ids, other)
	crossed := max(at-k-1, k-at)
	id := ids[k]
	a, b := cluster[id].span, cluster[other].span
	l := link{id: id, other: other, cost: int64(crossed) * crossedCost}
	if b.Start < a.Start {
		a, b = b, a
		l.cost += beforeCost
	}
	l.lines = max(0, b.Line-a.EndLine)
	bytes := max(0, b.Start-a.End)
	maxLines, maxBytes := s.set.Pair.Lines, int64(s.set.Pair.Bytes)
	if near := cluster[other].rule.Near; near != nil {
		maxLines, maxBytes = near.Lines, int64(near.Bytes)
		l.cost += bareCost
	}
	if cluster[other].doubt != "" {
		l.cost += namedCost
	}
	l.cost += bytes + int64(l.lines)*lineCost
	beside := l.lines == 0 || l.lines == 1 && id < other
	return l, l.lines <= maxLines && bytes <= maxBytes && cluster[other].name.Fits(cluster[id].name, beside)
}

// pair returns the finding of an ID and its secret.
func (s *Scanner) pair(id, secret *candidate, lines int) Finding {
	p := s.set.Pair
	f := Finding{
		RuleID: p.ID, Title: p.Title, Description: p.Description, Family: p.Family, Kind: patterns.KeyPair, Severity: p.Severity,
		Confidence: patterns.Sure,
		Span:       secret.span, Secret: Secret(secret.value), Bits: secret.rule.Bits, Excerpt: secret.excerpt,
		KeyID: string(id.value), Account: patterns.ParseKeyID(string(id.value)).Account,
		Related: []Part{part(id, 0)}, ownRule: secret.rule.ID,
		DecodedFrom: Decoding{Encodings: secret.decoded},
	}
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
