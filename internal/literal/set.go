package literal

import (
	"encoding/binary"
	"fmt"
)

const (
	window = 4          // bytes that represent a word
	stride = window - 1 // a window holds this many byte pairs
)

// Word is something to look for.
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
	words   []Word
	longest int            // bytes of the longest word
	reach   int            // bytes from a word's start to its window's end, at most
	pairs   [1 << 16]uint8 // the pair's bucket; 0 if it is in no window
	buckets [1 << 8][]probe
}

// probe says where a word would begin, had a pair been sampled at offset 0,
// and what the word's window would then hold.
type probe struct {
	word   int
	shift  int    // bytes from the sampled pair to the window, 0 or less
	window int    // bytes from the word's start to its window
	want   uint32 // the window's bytes, little-endian
	fold   uint32 // bits to set before comparing
}

// New compiles words. A word of less than four bytes is an error: it could
// not be found by sampling.
func New(words []Word) (*Set, error) {
	s := &Set{words: words}
	for _, w := range words {
		if err := w.Check(); err != nil {
			return nil, err
		}
		s.longest = max(s.longest, len(w.Text))
	}
	used := 0
	for i, at := range chooseWindows(words) {
		w := words[i]
		s.reach = max(s.reach, at+window)
		want, fold := windowBits(w.Text[at:at+window], w.Fold)
		for k := at; k < at+stride; k++ {
			for _, pair := range spellings(w.Text[k], w.Text[k+1], w.Fold) {
				if s.pairs[pair] == 0 {
					// Past 255 pairs, buckets are shared: slower, still right.
					s.pairs[pair] = uint8(used%(len(s.buckets)-1)) + 1
					used++
				}
				bucket := &s.buckets[s.pairs[pair]]
				*bucket = append(*bucket, probe{word: i, shift: at - k, window: at, want: want, fold: fold})
			}
		}
	}
	return s, nil
}

// Check reports, by its error, a word that New refuses.
func (w Word) Check() error {
	if len(w.Text) < window {
		return fmt.Errorf("keyword %q is shorter than %d bytes", w.Text, window)
	}
	return nil
}

// Longest returns the length of the longest word, in bytes.
func (s *Set) Longest() int { return s.longest }

// Len returns the length of the word of that index, in bytes.
func (s *Set) Len(word int) int { return len(s.words[word].Text) }

// Append appends to hits every occurrence that begins in text[from:to], in
// the order of the sampled bytes, and returns the result. An occurrence may
// reach past to, but not past the end of text.
func (s *Set) Append(hits []Hit, text []byte, from, to int) []Hit {
	if len(text) < window {
		return hits
	}
	end := min(to-1+s.reach, len(text)-1) // of the samples
	i := from
	// 9 bytes a round: the pairs at 0, 3 and 6 of one 8-byte load.
	for ; i < end && i <= len(text)-8; i += 3 * stride {
		x := binary.LittleEndian.Uint64(text[i:])
		a, b, c := s.pairs[uint16(x)], s.pairs[uint16(x>>24)], s.pairs[uint16(x>>48)]
		if a|b|c == 0 {
			continue
		}
		if a != 0 {
			hits = s.probe(hits, text, i, a, from, to)
		}
		if b != 0 {
			hits = s.probe(hits, text, i+3, b, from, to)
		}
		if c != 0 {
			hits = s.probe(hits, text, i+6, c, from, to)
		}
	}
	for ; i < end; i += stride {
		if a := s.pairs[binary.LittleEndian.Uint16(text[i:])]; a != 0 {
			hits = s.probe(hits, text, i, a, from, to)
		}
	}
	return hits
}

// probe appends the words of which the pair at i, of that bucket, is a part.
func (s *Set) probe(hits []Hit, text []byte, i int, bucket uint8, from, to int) []Hit {
	for k := range s.buckets[bucket] {
		p := &s.buckets[bucket][k]
		at := i + p.shift
		if uint(at) > uint(len(text)-window) || binary.LittleEndian.Uint32(text[at:])|p.fold != p.want {
			continue
		}
		pos := at - p.window
		w := &s.words[p.word]
		if pos >= from && pos < to && pos+len(w.Text) <= len(text) && equal(text[pos:pos+len(w.Text)], w) {
			hits = append(hits, Hit{Word: p.word, Pos: pos})
		}
	}
	return hits
}

func equal(text []byte, w *Word) bool {
	if !w.Fold {
		return string(text) == w.Text
	}
	for i := range text {
		if lower(text[i]) != lower(w.Text[i]) {
			return false
		}
	}
	return true
}

// windowBits returns what a window must hold, and the bits that folding sets
// in both sides first.
func windowBits(text string, foldCase bool) (want, fold uint32) {
	for k := range window {
		c := text[k]
		if l := lower(c); foldCase && 'a' <= l && l <= 'z' {
			c = l
			fold |= uint32('a'-'A') << (8 * k)
		}
		want |= uint32(c) << (8 * k)
	}
	return want, fold
}

// spellings lists the pairs that a and b make, in all cases if fold is set.
func spellings(a, b byte, fold bool) []uint16 {
	pair := func(a, b byte) uint16 { return uint16(a) | uint16(b)<<8 }
	if !fold {
		return []uint16{pair(a, b)}
	}
	var out []uint16
	for _, x := range cases(a) {
		for _, y := range cases(b) {
			out = append(out, pair(x, y))
		}
	}
	return out
}

func cases(c byte) []byte {
	if l := lower(c); 'a' <= l && l <= 'z' {
		return []byte{l, l - 'a' + 'A'}
	}
	return []byte{c}
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c - 'A' + 'a'
	}
	return c
}
