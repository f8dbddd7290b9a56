package scanner

import (
	"fmt"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// without returns the rule for secrets that have no name, near IDs only.
func without(named *patterns.Rule, near *patterns.Near) *patterns.Rule {
	rule := *named
	rule.Near = near
	return &rule
}

// TestLinks: the cost of a link, and the greatest distance of its parts.
func TestLinks(t *testing.T) {
	pair := partRules()[patterns.AccessKeyID].PartOf()
	near := &patterns.Near{Kind: patterns.AccessKeyID, Lines: 12, Bytes: 1024}
	key := func(line int, start int64) candidate { return at(patterns.AccessKeyID, line, start, id("AKIA", 1)) } // 20 bytes
	secret := func(line int, start int64) candidate { return at(patterns.SecretKey, line, start, "S1") }
	bare := func(line int, start int64) candidate {
		c := secret(line, start)
		c.rule = without(c.rule, near)
		return c
	}
	doubtful := func(line int, start int64) candidate {
		c := secret(line, start)
		c.doubt = "named otherwise"
		return c
	}
	lines, bytes := pair.Lines, int64(pair.Bytes)
	for _, c := range []struct {
		name    string
		cluster []candidate
		id      int // index of the ID; the first secret is the other part
		cost    int64
		lines   int
		ok      bool
	}{
		{"adjacent", []candidate{key(1, 0), secret(1, 20)}, 0, 0, 0, true},
		{"overlapping", []candidate{key(1, 0), secret(1, 10)}, 0, 0, 0, true},
		{"at one offset", []candidate{key(1, 0), secret(1, 0)}, 0, 0, 0, true},
		{"a distance in the line", []candidate{key(1, 0), secret(1, 25)}, 0, 5, 0, true},
		{"a distance in lines", []candidate{key(1, 0), secret(4, 25)}, 0, 5 + 3*lineCost, 3, true},
		{"the secret first", []candidate{secret(1, 0), key(1, 7)}, 1, 5 + beforeCost, 0, true},
		{"an ID between them", []candidate{key(1, 0), key(1, 30), secret(1, 60)}, 0, 40 + crossedCost, 0, true},
		{"two IDs between them, the secret first", []candidate{secret(1, 0), key(1, 10), key(1, 40), key(1, 70)}, 3, 68 + beforeCost + 2*crossedCost, 0, true},
		{"a secret without a name", []candidate{key(1, 0), bare(1, 20)}, 0, bareCost, 0, true},
		{"a secret with an unknown name", []candidate{key(1, 0), doubtful(1, 20)}, 0, namedCost, 0, true},
		{"as many lines as allowed", []candidate{key(1, 0), secret(1+lines, 20)}, 0, int64(lines) * lineCost, lines, true},
		{"one line more", []candidate{key(1, 0), secret(2+lines, 20)}, 0, int64(lines+1) * lineCost, lines + 1, false},
		{"as many bytes as allowed", []candidate{key(1, 0), secret(1, 20+bytes)}, 0, bytes, 0, true},
		{"one byte more", []candidate{key(1, 0), secret(1, 21+bytes)}, 0, bytes + 1, 0, false},
		{"as many lines as allowed without a name", []candidate{key(1, 0), bare(13, 20)}, 0, bareCost + 12*lineCost, 12, true},
		{"one line more without a name", []candidate{key(1, 0), bare(14, 20)}, 0, bareCost + 13*lineCost, 13, false},
		{"as many bytes as allowed without a name", []candidate{key(1, 0), bare(1, 1044)}, 0, bareCost + 1024, 0, true},
		{"one byte more without a name", []candidate{key(1, 0), bare(1, 1045)}, 0, bareCost + 1025, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ids []int
			k, other := 0, 0
			for i := range c.cluster {
				if c.cluster[i].rule.Kind != patterns.AccessKeyID {
					other = i
					continue
				}
				if i == c.id {
					k = len(ids)
				}
				ids = append(ids, i)
			}
			l, ok := (&joiner{pair, c.cluster, ids}).link(k, other)
			if want := (link{id: c.id, other: other, cost: c.cost, lines: c.lines}); l != want || ok != c.ok {
				t.Errorf("got %+v, %t; want %+v, %t", l, ok, want, c.ok)
			}
		})
	}
}

// TestConfidenceOfPairs: the greater the distance of an ID and its secret, the lower the confidence.
func TestConfidenceOfPairs(t *testing.T) {
	for _, c := range []struct {
		name  string
		id    patterns.Confidence
		bare  bool // the secret has no name
		lines int
		want  patterns.Confidence
	}{
		{"in one line", patterns.Sure, false, 0, patterns.Sure},
		{"near", patterns.Sure, false, 15, patterns.Sure},
		{"farther", patterns.Sure, false, 16, patterns.Likely},
		{"not yet far", patterns.Sure, false, 40, patterns.Likely},
		{"far", patterns.Sure, false, 41, patterns.Unsure},
		{"without a name, near", patterns.Sure, true, 3, patterns.Sure},
		{"without a name, farther", patterns.Sure, true, 4, patterns.Likely},
		{"an ID that is likely", patterns.Likely, false, 0, patterns.Sure},
		{"an ID that is unsure", patterns.Unsure, false, 0, patterns.Likely},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, secret := at(patterns.AccessKeyID, 1, 0, id("AKIA", 1)), at(patterns.SecretKey, 1, 30, "S1")
			key.confidence = c.id
			if c.bare {
				secret.rule = without(secret.rule, new(patterns.Near))
			}
			if got := newPair(key.rule.PartOf(), &key, &secret, c.lines).Confidence; got != c.want {
				t.Errorf("confidence %v, want %v", got, c.want)
			}
		})
	}
}

// TestAssignment: links are taken by their cost, and exchanged if that lowers the sum.
func TestAssignment(t *testing.T) {
	const (
		key    = patterns.AccessKeyID
		secret = patterns.SecretKey
	)
	// parts returns a cluster: a letter is the kind of a part, i or s, and a dot is ten bytes.
	parts := func(layout string) (cluster []candidate) {
		start := int64(0)
		for _, c := range layout {
			switch c {
			case 'i':
				cluster = append(cluster, at(key, 1, start, id("AKIA", len(cluster))))
				start += 20
			case 's':
				cluster = append(cluster, at(secret, 1, start, "0123456789"))
				start += 10
			default:
				start += 10
			}
		}
		return cluster
	}
	for _, c := range []struct{ name, layout, want string }{
		{"the nearer of two secrets", "i.s..s", "0-1"},
		{"the nearer of two secrets, before it", "s..s.i", "2-1"},
		{"the nearer of two IDs", "i..s.i.", "0-1"},
		{"an ID after the secret, that is much nearer", "i......s.i", "2-1"},
		{"at equal cost, the ID before the secret", "i....s.i", "0-1"},
		{"at equal cost, the first secret", "s.i....s", "1-0"},
		{"secret and ID, twice", "s.i.s.i", "1-0 3-2"},
		{"ID and secret, twice", "i.s.i.s", "0-1 2-3"},
		{"both IDs, then both secrets", "ii.ss", "0-2 1-3"},
		{"both secrets, then both IDs", "ss.ii", "2-0 3-1"},
		{"secrets around both IDs", "s.ii.s", "1-0 2-3"},
		{"IDs around both secrets", "i.ss.i", "0-1 3-2"},
		{"four of each", "iiii.ssss", "0-4 1-5 2-6 3-7"},
		{"as many as are considered", "iiiiiiii.ssssssss", "0-8 1-9 2-10 3-11 4-12 5-13 6-14 7-15"},
		{"more IDs than are considered", "iiiiiiiii.s", "8-9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cluster := parts(c.layout)
			j := newJoiner(partRules()[key].PartOf(), cluster)
			links := j.assign(j.indexes(patterns.RoleSecret), make([]bool, len(cluster)))
			got := make(map[string]bool)
			for _, l := range links {
				got[fmt.Sprintf("%d-%d", l.id, l.other)] = true
			}
			text := ""
			for i := range cluster {
				for j := range cluster {
					if pair := fmt.Sprintf("%d-%d", i, j); got[pair] {
						text += " " + pair
					}
				}
			}
			if text != " "+c.want {
				t.Errorf("linked%s, want %s", text, c.want)
			}
		})
	}
}

// TestEncodingsOfPairs: a pair has the encodings of its secret, or those of its ID if the
// secret is plain.
func TestEncodingsOfPairs(t *testing.T) {
	for _, c := range []struct {
		name             string
		id, secret, want []Encoding
	}{
		{"both plain", nil, nil, nil},
		{"the ID is encoded", []Encoding{Base64}, nil, []Encoding{Base64}},
		{"the secret is encoded", nil, []Encoding{Hex}, []Encoding{Hex}},
		{"both are encoded", []Encoding{Base64}, []Encoding{Escapes}, []Encoding{Escapes}},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, secret := at(patterns.AccessKeyID, 1, 0, id("AKIA", 1)), at(patterns.SecretKey, 1, 30, "S1")
			key.decoded, secret.decoded = c.id, c.secret
			if got := newPair(key.rule.PartOf(), &key, &secret, 0).DecodedFrom.Encodings; !slices.Equal(got, c.want) {
				t.Errorf("encodings %q, want %q", got, c.want)
			}
		})
	}
}
