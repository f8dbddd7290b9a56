package scanner

import (
	"bytes"
)

// sharing is the maximum size of the text that excerpts share, as a multiple of the first
// excerpt: one that is kept alone keeps all of it in memory.
const sharing = 4

// keepText copies the excerpts of candidates, which are sorted by position, out of the
// text. Excerpts that overlap share a copy, also with their secrets. So a text that is
// full of candidates is kept once, not once per candidate.
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

// keep moves the candidate's excerpt to a copy of the text that starts at an offset in
// the blob, and also its value if that is in the text verbatim.
func (c *candidate) keep(text []byte, base int64) {
	e := &c.excerpt
	from, to := e.start-base, e.end()-base
	e.text = text[from:to:to]
	from, to = c.span.Start-base, c.span.End-base
	if plain := text[from:to:to]; bytes.Equal(c.value, plain) {
		c.value = plain
	}
}

// secretSpans are the ranges to mask, sorted and without overlaps.
type secretSpans []span

// secretsOf returns the ranges of the secrets among sorted candidates. IDs are not
// secret: their owner needs them to rotate the keys.
func secretsOf(cluster []candidate) (out secretSpans) {
	for i := range cluster {
		c := &cluster[i]
		if c.rule.Kind.IsPublic() {
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

// hide masks the secrets in the excerpts of candidates. Excerpts of successive candidates
// start near one another.
func (s secretSpans) hide(cands []candidate) {
	first, last := 0, 0
	for i := range cands {
		e := &cands[i].excerpt
		for first > 0 && s[first-1].to > e.start {
			first--
		}
		for first < len(s) && s[first].to <= e.start {
			first++
		}
		for last = max(first, last); last > first && s[last-1].from >= e.end(); {
			last--
		}
		for last < len(s) && s[last].from < e.end() {
			last++
		}
		e.masks = s[first:last]
	}
}
