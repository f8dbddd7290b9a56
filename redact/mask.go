package redact

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// mask is a stretch of the stream and what is passed on in its place.
type mask struct {
	start, end int
	text       string
}

// maxRounds bounds how often a text is scanned again with its masks in place. Each
// round may uncover one more value behind a name, and there is room for some fifty.
const maxRounds = 64

// masks returns what to mask in text, in order. A mask changes what stands beside
// other words, so the masked text is scanned again around it: the new value of a
// configuration is found only when the old one before it is gone.
//
// What is masked is masked again in what follows, as is what the memory holds; the
// sightings are what there is to remember.
func (f *Filter) masks(text []byte) ([]mask, sightings) {
	var found []mask
	s := search{text: text, seen: make(sightings)}
	areas := []area{{0, len(text), 0, len(text)}}
	all := f.memory.index
	for range maxRounds {
		var fresh []mask
		for _, a := range areas {
			fresh = append(fresh, f.find(&s, a, masked(text, found, a))...)
		}
		fresh = append(fresh, s.recall(all)...)
		s.fresh = slices.DeleteFunc(s.fresh, func(k known) bool { return f.memory.values[k.value] })
		fresh = append(fresh, s.recall(newIndex(s.fresh))...)
		all, s.fresh = index{}, nil
		if len(fresh) == 0 {
			break
		}
		found = merge(append(found, fresh...))
		areas = f.around(fresh, len(text))
	}
	for i := range found {
		found[i].text += colours(text[found[i].start:found[i].end])
	}
	return found, s.seen
}

// search is what is known of a text while its masks are looked for.
type search struct {
	text   []byte
	joined *view  // the text without its line breaks, once it is needed
	kept   []mask // what is allowed
	seen   sightings
	fresh  []known // of seen, those of this round
}

// recall returns masks for the values of an index, but for what is allowed.
func (s *search) recall(x index) []mask {
	if len(x.entries) == 0 {
		return nil
	}
	if s.joined == nil {
		s.joined = unwrapped(s.text)
	}
	return slices.DeleteFunc(x.find(s.joined), s.allowed)
}

func (s *search) allowed(m mask) bool {
	return slices.ContainsFunc(s.kept, func(k mask) bool { return k.start <= m.start && m.end <= k.end })
}

// area is a stretch of a text to scan, and within it that where what is found counts:
// beside its ends, words are cut.
type area struct{ from, to, first, last int }

// around returns the areas in which masks may have changed what is found.
func (f *Filter) around(masks []mask, size int) (out []area) {
	reach := f.before + f.after
	for _, m := range merge(masks) {
		a := area{max(0, m.start-reach), min(size, m.end+reach), max(0, m.start-f.after), min(size, m.end+f.before)}
		if n := len(out) - 1; n >= 0 && a.from <= out[n].to {
			out[n].to, out[n].last = a.to, a.last
		} else {
			out = append(out, a)
		}
	}
	return out
}

// find returns the masks for what a view of an area shows, with colours and without.
func (f *Filter) find(s *search, a area, v *view) []mask {
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
			case f.keep != nil && f.keep(p):
				s.kept = append(s.kept, m)
			default:
				m.end = m.start + endOfKey(s.text[m.start:m.end])
				out = append(out, m)
				s.fresh = append(s.fresh, s.seen.note(p, m, s.text[m.start:m.end])...)
			}
		}
	}
	add(f.scanner.Parts(v.text), v.span)
	if bare, ok := plain(v.text); ok {
		add(f.scanner.Parts(bare.text), func(start, end int) (int, int) {
			start, end = bare.span(start, end)
			if end < 0 {
				end = len(v.text)
			}
			return v.span(start, end)
		})
	}
	return out
}

// standIn returns what is shown in place of a part: of an id its last four
// characters, by which its owner knows it, of a secret nothing.
func standIn(p *scanner.Finding) string {
	switch {
	case strings.HasPrefix(p.DecodedFrom, "utf-16le"):
		return strings.ReplaceAll(scanner.Mask, "*", "*\x00")
	case strings.HasPrefix(p.DecodedFrom, "utf-16be"):
		return strings.ReplaceAll(scanner.Mask, "*", "\x00*")
	case strings.HasPrefix(p.DecodedFrom, "utf-32le"):
		return strings.ReplaceAll(scanner.Mask, "*", "*\x00\x00\x00")
	case strings.HasPrefix(p.DecodedFrom, "utf-32be"):
		return strings.ReplaceAll(scanner.Mask, "*", "\x00\x00\x00*")
	case p.Kind == patterns.AccessKeyID && p.DecodedFrom == "":
		return idStandIn(p.KeyID)
	}
	return scanner.Mask
}

func idStandIn(id string) string {
	if len(id) <= 8 {
		return scanner.Mask
	}
	return id[:4] + scanner.Mask + id[len(id)-4:]
}

// merge joins masks that overlap, into one that shows nothing unless they are the
// same.
func merge(masks []mask) []mask {
	slices.SortStableFunc(masks, func(a, b mask) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	out := masks[:0]
	for _, m := range masks {
		last := len(out) - 1
		switch {
		case last < 0 || out[last].end <= m.start:
			out = append(out, m)
		case m.start == out[last].start && m.end == out[last].end && m.text == out[last].text:
		default:
			out[last].end = max(out[last].end, m.end)
			if !isWide(out[last].text) {
				out[last].text = scanner.Mask
			}
			if isWide(m.text) {
				out[last].text = m.text
			}
		}
	}
	return out
}

func isWide(text string) bool { return strings.Contains(text, "\x00") }

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

// colours returns the control sequences within what is masked: without them a
// terminal would go on in the wrong colour.
func colours(text []byte) string {
	var b strings.Builder
	for _, s := range sequences(text) {
		b.Write(text[s[0]:s[1]])
	}
	return b.String()
}

// endOfKey returns where a secret ends. The rule for private keys takes with it
// what follows them.
func endOfKey(secret []byte) int {
	if i := bytes.Index(secret, []byte("-----END ")); i >= 0 && bytes.HasPrefix(secret, []byte("-----BEGIN ")) {
		if k := bytes.Index(secret[i+len("-----END "):], []byte("-----")); k >= 0 {
			return i + len("-----END ") + k + len("-----")
		}
	}
	return len(bytes.TrimRight(secret, " \t\r\n"))
}
