package literal

import (
	"encoding/binary"
	"fmt"
	"iter"
)

const (
	anchorLen  = 4              // bytes that represent a word
	pairStride = anchorLen - 1  // byte pairs in an anchor
	step       = 3 * pairStride // bytes per iteration, three sampled pairs
)

// Word is a literal to search for.
type Word struct {
	Text string // at least 4 bytes
	Fold bool   // ignore ASCII case
}

// Hit is one occurrence of a word.
type Hit struct {
	Word int // index into the words given to New
	Pos  int // offset of the word's first byte
}

// Set is a compiled set of words.
type Set struct {
	words         []Word
	anchors       []int           // the offset of the anchor of each word
	longest       int             // bytes of the longest word
	before, after int             // bytes around a range that Append must sample
	classes       [1 << 8]uint8   // the class of each byte: one bit of eight
	follows       [1 << 16]uint8  // the classes of bytes after a pair in words; 0 if no anchor contains it
	lists         [1 << 16]uint16 // the index in probes for each pair
	probes        [][]probe       // the first is empty, for pairs in no anchor
}

// probe describes a word whose anchor contains a sampled pair.
type probe struct {
	word int32
	back int32  // bytes from the start of the word to the sampled pair
	want uint64 // the first headLen bytes of the word, little-endian
	fold uint64 // bits to set before comparing
	mask uint64 // bits to compare
}

// headLen is the number of bytes of a word that are compared at once.
const headLen = 8

// New compiles words. A word of less than four bytes is an error, because sampling could
// miss it.
func New(words []Word) (*Set, error) {
	s := &Set{words: words}
	for _, w := range words {
		if err := w.Check(); err != nil {
			return nil, err
		}
		s.longest = max(s.longest, len(w.Text))
	}
	for c := range s.classes {
		s.classes[c] = 1 << ((c + c/4) % 8) // separates common letters
	}
	s.makeLists(s.chooseAnchors())
	for i, at := range s.anchors {
		s.addProbes(i, at)
	}
	return s, nil
}

// makeLists makes empty lists of probes, given their lengths.
func (s *Set) makeLists(lengths []int32) {
	total := int32(0)
	for _, n := range lengths {
		total += n
	}
	all := make([]probe, total)
	s.probes = make([][]probe, len(lengths))
	for i, n := range lengths {
		s.probes[i], all = all[:0:n], all[n:]
	}
}

// addProbes adds the probes of a word, given by its index, whose anchor is at offset at. It
// also extends the range that Append must sample.
func (s *Set) addProbes(word, at int) {
	w := s.words[word]
	s.before = max(s.before, len(w.Text)-1-at)
	s.after = max(s.after, at+pairStride-1)
	p := newProbe(word, w)
	for k := at; k < at+pairStride; k++ {
		for pair := range spellings(w, k) {
			list := &s.probes[s.lists[pair]]
			p.back = int32(k)
			*list = append(*list, p)
		}
	}
}

// nextClasses returns the classes of the bytes that may follow the byte at an offset of
// w. After its last byte, any byte may follow.
func (s *Set) nextClasses(w Word, at int) (classes uint8) {
	if at+1 == len(w.Text) {
		return 1<<8 - 1
	}
	for _, c := range []byte(cases(w, at+1)) {
		classes |= s.classes[c]
	}
	return classes
}

// Check returns an error if New would reject the word.
func (w Word) Check() error {
	if len(w.Text) < anchorLen {
		return fmt.Errorf("keyword %q is shorter than %d bytes", w.Text, anchorLen)
	}
	return nil
}

// Words returns the words of the set. They must not be modified.
func (s *Set) Words() []Word { return s.words }

// Longest returns the length of the longest word, in bytes.
func (s *Set) Longest() int { return s.longest }

// Len returns the length of a word, given by its index, in bytes.
func (s *Set) Len(word int) int { return len(s.words[word].Text) }

// Append appends to hits every occurrence that overlaps text[from:to], or spans its
// offset if the range is empty, and returns the result. Hits are in the order of the
// sampled bytes.
func (s *Set) Append(hits []Hit, text []byte, from, to int) []Hit {
	i := max(0, from-s.before)
	end := min(to+s.after, len(text)-1) // of the samples
	// The pairs at 0, 3 and 6, each with the byte that follows it.
	for ; i < end && i <= len(text)-step; i += step {
		x, last := binary.LittleEndian.Uint64(text[i:]), text[i+step-1]
		a := s.follows[uint16(x)] & s.classes[uint8(x>>16)]
		b := s.follows[uint16(x>>24)] & s.classes[uint8(x>>40)]
		c := s.follows[uint16(x>>48)] & s.classes[last]
		if a|b|c == 0 {
			continue
		}
		if a != 0 {
			hits = s.appendAt(hits, text, i, from, to)
		}
		if b != 0 {
			hits = s.appendAt(hits, text, i+pairStride, from, to)
		}
		if c != 0 {
			hits = s.appendAt(hits, text, i+2*pairStride, from, to)
		}
	}
	for ; i < end; i += pairStride {
		hits = s.appendAt(hits, text, i, from, to)
	}
	return hits
}

// appendAt appends the words whose anchors contain the pair at i.
func (s *Set) appendAt(hits []Hit, text []byte, i, from, to int) []Hit {
	probes := s.probes[s.lists[binary.LittleEndian.Uint16(text[i:])]]
	for k := range probes {
		p := &probes[k]
		pos := i - int(p.back)
		if pos < 0 || pos >= to {
			continue
		}
		known := 0 // bytes that are equal
		if pos <= len(text)-headLen {
			if binary.LittleEndian.Uint64(text[pos:])&p.mask|p.fold != p.want {
				continue
			}
			known = headLen
		}
		if w := &s.words[p.word]; pos+len(w.Text) > from && w.matches(text[pos:], known) {
			hits = append(hits, Hit{Word: int(p.word), Pos: pos})
		}
	}
	return hits
}

// matches reports whether text begins with the word. The first known bytes are not
// compared.
func (w *Word) matches(text []byte, known int) bool {
	if len(text) < len(w.Text) {
		return false
	}
	for i := known; i < len(w.Text); i++ {
		if c := text[i]; c != w.Text[i] && (!w.Fold || lower(c) != lower(w.Text[i])) {
			return false
		}
	}
	return true
}

// newProbe returns a probe for a word, without the distance to a sampled pair.
func newProbe(word int, w Word) probe {
	p := probe{word: int32(word)}
	for k := range min(headLen, len(w.Text)) {
		c := w.Text[k]
		if l := lower(c); w.Fold && 'a' <= l && l <= 'z' {
			c = l
			p.fold |= uint64('a'-'A') << (8 * k)
		}
		p.want |= uint64(c) << (8 * k)
		p.mask |= uint64(0xff) << (8 * k)
	}
	return p
}

// spellings yields the pairs of bytes at offset k of w, in all cases if case is ignored.
func spellings(w Word, k int) iter.Seq[uint16] {
	return func(yield func(uint16) bool) {
		for _, x := range []byte(cases(w, k)) {
			for _, y := range []byte(cases(w, k+1)) {
				if !yield(uint16(x) | uint16(y)<<8) {
					return
				}
			}
		}
	}
}

// cases returns the byte at offset k of w, or both cases of it if it is a letter and case is
// ignored.
func cases(w Word, k int) string {
	const letters = "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ"
	l := lower(w.Text[k])
	if !w.Fold || l < 'a' || 'z' < l {
		return w.Text[k : k+1]
	}
	return letters[2*(l-'a'):][:2]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c - 'A' + 'a'
	}
	return c
}
