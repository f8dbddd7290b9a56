package redact

import (
	"bytes"
	"slices"

	"github.com/keyguard/keyguard/scanner"
)

// searcher finds the parts of credentials in a text, and values that were masked before.
type searcher struct {
	scanner       *scanner.Scanner
	keep          func(*scanner.Finding) bool // not masked; may be nil
	before, after int                         // the context that a part depends on, in bytes
	memory        memory
}

// maxRounds is the maximum number of scans of a text with its masks in place. Each scan
// may find one more value after a name, and at most about fifty fit beside each other.
const maxRounds = 64

// masks returns the sorted masks of text, and the values to remember. A mask changes the
// surroundings of other words, so the masked text is scanned again around it: the new
// value of a configuration is found only after the old one before it is masked.
//
// Masked values are masked again wherever they follow, and so are values in the memory.
func (x *searcher) masks(text []byte) ([]mask, sightings) {
	var found []mask
	s := search{text: text, seen: make(sightings)}
	areas := []area{{0, len(text), 0, len(text)}}
	all := x.memory.index
	for range maxRounds {
		var fresh []mask
		for _, a := range areas {
			fresh = append(fresh, x.find(&s, a, masked(text, found, a))...)
		}
		fresh = append(fresh, s.recall(all)...)
		s.fresh = slices.DeleteFunc(s.fresh, func(k known) bool { return x.memory.values[k.value] })
		fresh = append(fresh, s.recall(newIndex(s.fresh))...)
		all, s.fresh = index{}, nil
		if len(fresh) == 0 {
			break
		}
		found = merge(append(found, fresh...))
		areas = x.around(fresh, len(text))
	}
	for i := range found {
		found[i].text += colors(text[found[i].start:found[i].end])
	}
	return found, s.seen
}

// search is the state of a search in one text.
type search struct {
	text   []byte
	joined *view  // the text without line breaks; nil until needed
	kept   []mask // allowed ranges
	seen   sightings
	fresh  []known // added to seen in this round
}

// recall returns masks for the indexed values, except allowed ones.
func (s *search) recall(values index) []mask {
	if len(values.entries) == 0 {
		return nil
	}
	if s.joined == nil {
		s.joined = unwrapped(s.text)
	}
	return slices.DeleteFunc(values.find(s.joined), s.allowed)
}

func (s *search) allowed(m mask) bool {
	return slices.ContainsFunc(s.kept, func(k mask) bool { return k.start <= m.start && m.end <= k.end })
}

// area is a range of a text to scan. Results count only within first and last, because
// words are cut at its ends.
type area struct{ from, to, first, last int }

// around returns the areas in which masks may have changed the results.
func (x *searcher) around(masks []mask, size int) (out []area) {
	reach := x.before + x.after
	for _, m := range merge(masks) {
		a := area{max(0, m.start-reach), min(size, m.end+reach), max(0, m.start-x.after), min(size, m.end+x.before)}
		if n := len(out) - 1; n >= 0 && a.from <= out[n].to {
			out[n].to, out[n].last = a.to, a.last
		} else {
			out = append(out, a)
		}
	}
	return out
}

// find returns the masks for the view of an area, with and without color sequences.
func (x *searcher) find(s *search, a area, v *view) []mask {
	var out []mask
	add := func(list []scanner.Finding, place func(start, end int) (int, int)) {
		for i := range list {
			p := &list[i]
			m := mask{text: standIn(p)}
			if m.start, m.end = place(int(p.Span.Start), int(p.Span.End)); m.end < 0 {
				m.end = a.to
			}
			switch {
			case m.end <= a.first || m.start >= a.last:
			case s.allowed(m):
			case x.keep != nil && x.keep(p):
				s.kept = append(s.kept, m)
			default:
				m.end = m.start + endOfKey(s.text[m.start:m.end])
				out = append(out, m)
				s.fresh = append(s.fresh, s.seen.note(p, m, s.text[m.start:m.end])...)
			}
		}
	}
	add(x.scanner.Parts(v.text), v.span)
	if bare, ok := plain(v.text); ok {
		add(x.scanner.Parts(bare.text), func(start, end int) (int, int) {
			start, end = bare.span(start, end)
			if end < 0 {
				end = len(v.text)
			}
			return v.span(start, end)
		})
	}
	return out
}

// masked returns an area of text with its masks in place.
func masked(text []byte, masks []mask, a area) *view {
	if len(masks) == 0 {
		return &view{text: text[a.from:a.to], first: a.from, pieces: []piece{{0, a.from, a.to - a.from}}}
	}
	v := &view{text: make([]byte, 0, a.to-a.from), first: a.from}
	last := a.from
	for _, m := range masks {
		if m.end <= last || m.start >= a.to {
			continue
		}
		v.copy(text, last, m.start)
		v.text = append(v.text, m.text...)
		last = m.end
	}
	v.copy(text, last, a.to)
	return v
}

// endOfKey returns the end of a secret. The rule for private keys matches text after the
// key, too.
func endOfKey(secret []byte) int {
	if i := bytes.Index(secret, []byte("-----END ")); i >= 0 && bytes.HasPrefix(secret, []byte("-----BEGIN ")) {
		if k := bytes.Index(secret[i+len("-----END "):], []byte("-----")); k >= 0 {
			return i + len("-----END ") + k + len("-----")
		}
	}
	return len(bytes.TrimRight(secret, " \t\r\n"))
}
