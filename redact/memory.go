package redact

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/keyguard/keyguard/scanner"
)

// The memory holds the last maxKnown masked values, of at most maxKnownBytes in total.
// They are masked again in text without a name or a key ID.
const (
	maxKnown      = 1024
	maxKnownBytes = 256 << 10
	// leastKnown is the minimum length of a remembered value: shorter ones are words.
	leastKnown = 8
	// leastInside is the minimum length of a value that is masked inside a longer word.
	leastInside = 16
	// maxHeld is the length of the longest value, and of the longest last word or private
	// key that waits for its end, in bytes.
	maxHeld = 8 << 10
	// probe is the number of bytes per lookup, and the distance between lookups.
	probe = 4
)

// known is a masked value without its line breaks, and its replacement. In the text where
// it was found, it is masked only from offset after.
type known struct {
	value, text string
	after       int
}

// memory is the list of masked values, oldest first. The zero value is ready to use.
type memory struct {
	list   []known
	bytes  int
	values map[string]bool
	index  index
}

// add adds unknown values, and removes the oldest ones over the limits.
func (m *memory) add(values []known) {
	if m.values == nil {
		m.values = make(map[string]bool)
	}
	changed := false
	for _, k := range values {
		if len(k.value) < leastKnown || len(k.value) > maxHeld || m.values[k.value] {
			continue
		}
		k.after = 0
		m.list, m.bytes, changed = append(m.list, k), m.bytes+len(k.value), true
		m.values[k.value] = true
	}
	for len(m.list) > maxKnown || m.bytes > maxKnownBytes {
		delete(m.values, m.list[0].value)
		m.bytes -= len(m.list[0].value)
		m.list = m.list[1:]
	}
	if changed {
		m.list = slices.Clone(m.list)
		m.index = newIndex(m.list)
	}
}

// sightings maps the values that are masked in a text to their first occurrence.
type sightings map[string]known

// note records the values of a part, and returns those that are new or occur earlier than
// known.
func (s sightings) note(p *scanner.Finding, m mask, raw []byte) (fresh []known) {
	values := []known{{string(p.Secret), scanner.Mask, m.end}}
	if p.Kind.IsPublic() {
		values[0].text = idStandIn(p.KeyID)
	}
	if !p.DecodedFrom.IsZero() { // it may occur again in its encoded form
		values = append(values, known{string(raw), m.text, m.end})
	}
	for _, k := range values {
		k.value = string(unwrapped([]byte(k.value)).text)
		if old, ok := s[k.value]; !ok || k.after < old.after {
			s[k.value] = k
			fresh = append(fresh, k)
		}
	}
	return fresh
}

// before returns the values that were masked before the offset to, sorted.
func (s sightings) before(to int) (out []known) {
	for _, k := range s {
		if k.after <= to {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b known) int { return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.value, b.value)) })
	return out
}

// index finds values in a text. At any alignment, one of the lookups is within the first
// bytes of a value.
type index struct {
	entries map[uint32][]entry
	bits    []uint64 // bitmap of the hashes in entries, which rules out most words
}

// entry is a value and the offset of its looked-up bytes.
type entry struct {
	known
	at int
}

func newIndex(list []known) (x index) {
	if len(list) == 0 {
		return x
	}
	x = index{make(map[uint32][]entry), make([]uint64, 1<<10)}
	for _, k := range list {
		if len(k.value) < leastKnown || len(k.value) > maxHeld {
			continue
		}
		for at := range probe {
			word := binary.LittleEndian.Uint32([]byte(k.value[at:]))
			x.entries[word] = append(x.entries[word], entry{k, at})
			x.bits[hash(word)>>6] |= 1 << (hash(word) & 63)
		}
	}
	return x
}

// hash returns a hash of 16 bits.
func hash(word uint32) uint32 { return word * 0x9e3779b1 >> 16 }

// find returns masks for the values in a text without line breaks: one per line.
func (x index) find(joined *view) (out []mask) {
	for i := 0; i+probe <= len(joined.text); i += probe {
		word := binary.LittleEndian.Uint32(joined.text[i:])
		if x.bits[hash(word)>>6]&(1<<(hash(word)&63)) == 0 {
			continue
		}
		for _, e := range x.entries[word] {
			from := i - e.at
			to := from + len(e.value)
			if from >= 0 && to <= len(joined.text) && string(joined.text[from:to]) == e.value && isMasked(joined.text, from, to) {
				if masks := joined.lines(from, to, e.text); masks[0].start >= e.after {
					out = append(out, masks...)
				}
			}
		}
	}
	return out
}

// isMasked reports whether text[from:to] is long enough to be masked inside a word, or is
// a whole word.
func isMasked(text []byte, from, to int) bool {
	inWord := func(i int) bool {
		return i >= 0 && i < len(text) && ('0' <= text[i] && text[i] <= '9' || 'A' <= text[i] && text[i] <= 'Z' || 'a' <= text[i] && text[i] <= 'z')
	}
	return to-from >= leastInside || !inWord(from-1) && !inWord(to)
}

// unwrapped returns text without line breaks and the blanks around them.
func unwrapped(text []byte) *view {
	v := &view{text: make([]byte, 0, len(text)), pieces: make([]piece, 0, 1+bytes.Count(text, []byte{'\n'}))}
	last := 0
	for last < len(text) {
		n := bytes.IndexByte(text[last:], '\n')
		if n < 0 {
			break
		}
		line := text[last : last+n]
		v.copy(text, last, last+len(bytes.TrimRight(line, " \t\r")))
		last += n + 1
		last += len(text[last:]) - len(bytes.TrimLeft(text[last:], " \t"))
	}
	v.copy(text, last, len(text))
	return v
}

// lines returns a mask for each piece of the other text that the range start to end was
// copied from.
func (v *view) lines(start, end int, text string) (out []mask) {
	for start < end {
		i, _ := slices.BinarySearchFunc(v.pieces, start+1, func(p piece, at int) int { return p.at - at })
		p := v.pieces[i-1]
		n := min(end, p.at+p.n) - start
		from := p.from + start - p.at
		out = append(out, mask{start: from, end: from + n, text: text})
		start += n
	}
	if len(out) > 1 {
		for i := range out {
			out[i].text = scanner.Mask
		}
	}
	return out
}
