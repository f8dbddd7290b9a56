package scanner

import (
	"bytes"
	"sort"

	"github.com/keyguard/keyguard/patterns"
)

// sharing bounds the text that excerpts share, as a multiple of what the first of
// them needs: one that is kept alone keeps all of it in memory.
const sharing = 4

// keepText gives candidates, ordered by place, excerpts that outlive the text they
// were cut from. Excerpts that overlap share a copy, and so do their secrets. So a
// text that is full of candidates is kept once, not once for each of them.
func keepText(cands []candidate, text []byte, base int64) {
	for len(cands) > 0 {
		from, to := cands[0].excerpt.start, cands[0].excerpt.end()
		limit := from + sharing*(to-from)
		n := 1
		for n < len(cands) && cands[n].excerpt.start < to && cands[n].excerpt.end() <= limit {
			to = max(to, cands[n].excerpt.end())
			n++
		}
		shared := bytes.Clone(text[from-base : to-base])
		for i := range cands[:n] {
			cands[i].keep(shared, from)
		}
		cands = cands[n:]
	}
}

// keep moves the candidate's excerpt to a copy of the text that begins at an offset
// in the blob, and its value if that stands there as it is.
func (c *candidate) keep(text []byte, base int64) {
	e := &c.excerpt
	from, to := e.start-base, e.end()-base
	e.text = text[from:to:to]
	from, to = c.span.Start-base, c.span.End-base
	if plain := text[from:to:to]; bytes.Equal(c.value, plain) {
		c.value = plain
	}
}

// secretSpans are the places of what must be masked: in order, and none touches
// the inside of another.
type secretSpans []span

// secretsOf returns the places of the secrets among candidates, which are in
// order. Ids are not secret: they must be seen to be rotated.
func secretsOf(cluster []candidate) (out secretSpans) {
	for i := range cluster {
		c := &cluster[i]
		if c.rule.Kind == patterns.AccessKeyID {
			continue
		}
		if n := len(out); n > 0 && c.span.Start < out[n-1].to {
			out[n-1].to = max(out[n-1].to, c.span.End)
			continue
		}
		out = append(out, span{c.span.Start, c.span.End})
	}
	return out
}

// hide masks the secrets in the excerpts of candidates.
func (s secretSpans) hide(cands []candidate) {
	for i := range cands {
		e := &cands[i].excerpt
		first := sort.Search(len(s), func(i int) bool { return s[i].to > e.start })
		last := sort.Search(len(s), func(i int) bool { return s[i].from >= e.end() })
		e.masks = s[first:max(first, last)]
	}
}
