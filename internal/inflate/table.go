package inflate

import "math/bits"

// An entry of a decode table describes the symbol whose code is at the start of the bits
// that index it:
//
//	bits 0–7    bits to drop: the code and the extra bits after it
//	bits 8–11   bits of the code alone; in a link, index bits of the linked table
//	bits 12–15  special, link, endMark, repeat
//	bits 16–30  literal; least length or distance, to which the extra bits are added;
//	            in a link, the start of the linked table
//	bit 31      literal
//
// The order of the fields lets the decoder subtract and shift by an entry as a whole.
type entry uint32

const (
	literal entry = 1 << 31
	special entry = 1 << 15 // a link, the end mark, or neither: no such code or symbol
	link    entry = 1 << 14
	endMark entry = 1 << 13
	repeat  entry = 1 << 12 // in lensTable: repeats the previous length, not zero
	invalid entry = special
)

// literal returns the byte of a literal.
func (e entry) literal() byte { return byte(e >> 16) }

// value returns the length or distance of a symbol whose code and extra bits are in bits.
func (e entry) value(bits uint64) int {
	return int(e>>16) + int(bits&(1<<(e&63)-1)>>(e>>8&15))
}

// linked returns the index of the entry in a linked table. The bits of the link must have
// been dropped.
func (e entry) linked(bits uint64) int {
	return int(e>>16) + int(bits&(1<<(e>>8&15)-1))
}

const (
	maxCode = 15 // bits of the longest code
	maxLit  = 286
	maxDist = 30
	numLens = 19

	litBits  = 11 // index bits of a litTable
	distBits = 8
	lensBits = 7 // no code for code lengths is longer

	litMask  = 1<<litBits - 1
	distMask = 1<<distBits - 1
	lensMask = 1<<lensBits - 1

	// No code of maxLit (maxDist) symbols takes more entries, linked tables included.
	// (zlib's examples/enough.c searches for the worst one.)
	litSize  = 2340
	distSize = 400
)

type (
	litTable  [litSize]entry
	distTable [distSize]entry
	lensTable [1 << lensBits]entry
)

// A coded symbol is its number times 16 plus the length of its code, which is not zero.
type coded uint16

// tables holds the decode tables of the current block, and the buffers and constants to build
// them.
type tables struct {
	lit  litTable
	dist distTable
	lens lensTable

	codes  [maxLit + maxDist]coded
	sorted [maxLit + 2]entry // used by build: entries by length of code, then by symbol

	ready     bool // the fields below are set
	fixedLit  litTable
	fixedDist distTable
	symbols   symbols
}

// symbols holds the entries of all symbols without their codes.
type symbols struct {
	lit  [maxLit + 2]entry
	dist [maxDist + 2]entry
	lens [numLens]entry
}

// setup fills the fields that are the same for all streams.
func (t *tables) setup() {
	t.ready = true
	t.symbols.setup()
	var lit [maxLit + 2]coded // RFC 1951, section 3.2.6
	for i := range lit {
		n := 8
		switch {
		case i >= 144 && i < 256:
			n = 9
		case i >= 256 && i < 280:
			n = 7
		}
		lit[i] = coded(i<<4 | n)
	}
	var dist [maxDist + 2]coded
	for i := range dist {
		dist[i] = coded(i<<4 | 5)
	}
	t.build(t.fixedLit[:], litBits, lit[:], t.symbols.lit[:])
	t.build(t.fixedDist[:], distBits, dist[:], t.symbols.dist[:])
}

// setup follows RFC 1951, section 3.2.5 and, for lens, 3.2.7.
func (s *symbols) setup() {
	for i := range 256 {
		s.lit[i] = literal | entry(i)<<16
	}
	s.lit[256] = special | endMark
	least := entry(3)
	for i := 257; i < 285; i++ {
		extra := max(0, (i-261)/4)
		s.lit[i] = least<<16 | entry(extra)
		least += 1 << extra
	}
	s.lit[285] = 258 << 16
	s.lit[286], s.lit[287] = invalid, invalid

	least = 1
	for i := range maxDist {
		extra := max(0, (i-2)/2)
		s.dist[i] = least<<16 | entry(extra)
		least += 1 << extra
	}
	s.dist[30], s.dist[31] = invalid, invalid

	for i := range 16 {
		s.lens[i] = literal | entry(i)<<16
	}
	s.lens[16] = repeat | 3<<16 | 2
	s.lens[17] = 3<<16 | 3
	s.lens[18] = 11<<16 | 7
}

// build fills a decode table, indexed by the next width bits of a stream, with the
// canonical Huffman code (RFC 1951, section 3.2.2) for codes. These must be in ascending
// order, with their entries in symbols. It reports false if the code is oversubscribed or
// incomplete. As in compress/flate and zlib, an empty code and one of a single bit are
// allowed: an undefined code is an error if it occurs.
func (t *tables) build(table []entry, width int, codes []coded, symbols []entry) bool {
	var count, next [maxCode + 1]int
	for _, c := range codes {
		count[c&15]++
	}
	longest, first, room := 0, 0, 1
	for n := 1; n <= maxCode; n++ {
		next[n] = first
		first += count[n]
		if count[n] > 0 {
			room = room<<(n-longest) - count[n]
			longest = n
		}
	}
	if room != 0 {
		if longest > 1 || len(codes) > 1 {
			return false
		}
		table[0] = invalid // copied to every entry except for the code 0
	}
	sorted := t.sorted[:len(codes)]
	for _, c := range codes {
		at := &next[c&15]
		sorted[*at] = symbols[c>>4]
		*at++
	}

	// While codes of n bits are filled in, the table has 1<<n entries. The next bit does
	// not change them, so afterwards the table has two copies of each. Codes ascend
	// through the indexes in bit-reversed order, longer ones last. They overwrite copies
	// of entries that were not filled yet.
	code, size := 0, 1
	for n := 1; n <= width; n++ {
		copy(table[size:2*size], table[:size])
		size *= 2
		code *= 2
		for _, e := range sorted[:count[n]] {
			table[reverse(code, n)] = e + entry(n<<8|n)
			code++
		}
		sorted = sorted[count[n]:]
	}
	if longest > width {
		buildLinked(table, width, code, sorted, count[:longest+1])
	}
	return true
}

// buildLinked adds to table the codes that are longer than width bits, from code on,
// which has width bits. Each of their prefixes gets a link to a table just large enough
// for its longest code. The code is complete, so these tables are filled.
func buildLinked(table []entry, width, code int, sorted []entry, count []int) {
	var linked []entry
	prefix, end := -1, 1<<width
	for n := width + 1; n < len(count); n++ {
		code *= 2
		for left := count[n]; left > 0; left-- {
			index := reverse(code, n)
			if index&(1<<width-1) != prefix {
				prefix = index & (1<<width - 1)
				bits := linkedBits(count, n-width, n, left)
				table[prefix] = special | link | entry(end<<16|bits<<8|width)
				linked = table[end : end+1<<bits]
				end += 1 << bits
			}
			e := sorted[0] + entry((n-width)<<8|(n-width))
			for i := index >> width; i < len(linked); i += 1 << (n - width) {
				linked[i] = e
			}
			sorted = sorted[1:]
			code++
		}
	}
}

// linkedBits returns the index bits of a linked table, at least bits, that starts with
// the first of the last left codes of n bits.
func linkedBits(count []int, bits, n, left int) int {
	for room := 1<<bits - left; room > 0; bits++ {
		n++
		room = room*2 - count[n]
	}
	return bits
}

// reverse returns the n bits of code in the order of the stream.
func reverse(code, n int) int { return int(bits.Reverse16(uint16(code)) >> (16 - n)) }
