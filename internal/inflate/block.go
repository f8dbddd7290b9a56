package inflate

import "encoding/binary"

// A stream is the state of one inflation. Bits are taken from the low end of bits. Above
// count bits, bits may already hold a part of the next input.
type stream struct {
	dst, src []byte
	out, in  int    // bytes written to dst, and bytes of src counted in count
	bits     uint64 // past the end of src, zeros, counted in in as well
	count    uint   // 0 to 63
}

// status is the state in which the decoding of a block stopped.
type status int

const (
	more   status = iota
	ended         // at the end of the block
	broken        // corrupt or truncated, or dst is full
)

// inflate decodes the blocks of a Deflate stream from s.in on, and sets s.in to one past
// its last byte. It reports false if the stream is corrupt, truncated, or inflates to
// more than s.dst holds. s.dst[:s.out] is correct even then, and full in the last case.
func (t *tables) inflate(s *stream) bool {
	if !t.ready {
		t.setup()
	}
	for last := false; !last; {
		s.topUp()
		last = s.take(1) == 1
		ok := false
		switch s.take(2) {
		case 0:
			ok = s.stored()
		case 1:
			ok = s.block(&t.fixedLit, &t.fixedDist)
		case 2:
			ok = t.readCodes(s) && s.block(&t.lit, &t.dist)
		}
		if !ok {
			return false
		}
	}
	s.align()
	return s.in <= len(s.src)
}

// topUp refills bits to at least 56.
func (s *stream) topUp() {
	if s.in <= len(s.src)-8 {
		s.bits, s.count, s.in = refill(s.bits, s.count, s.src, s.in)
		return
	}
	for ; s.count < 56; s.count += 8 {
		if s.in < len(s.src) {
			s.bits |= uint64(s.src[s.in]) << s.count
		}
		s.in++
	}
}

// refill is topUp for 8 readable bytes at src[in:]. It loads them all, counts those that
// fit, and leaves a part of the next one above count. Only the low 6 bits of count are
// used.
func refill(bits uint64, count uint, src []byte, in int) (uint64, uint, int) {
	bits |= binary.LittleEndian.Uint64(src[in:]) << (count & 63)
	return bits, count | 56, in + int(^count>>3)&7
}

// take removes and returns the next n bits, which must be present.
func (s *stream) take(n uint) int {
	v := s.bits & (1<<(n&63) - 1)
	s.bits >>= n & 63
	s.count -= n
	return int(v)
}

// overrun reports whether bits past the end of src were taken.
func (s *stream) overrun() bool { return s.in-int(s.count>>3) > len(s.src) }

// align discards the rest of a byte and returns whole bytes to src.
func (s *stream) align() {
	s.in -= int(s.count >> 3)
	s.bits, s.count = 0, 0
}

// stored copies a block that is not compressed.
func (s *stream) stored() bool {
	s.align()
	if s.in > len(s.src)-4 {
		return false
	}
	n := int(binary.LittleEndian.Uint16(s.src[s.in:]))
	if n^0xffff != int(binary.LittleEndian.Uint16(s.src[s.in+2:])) {
		return false
	}
	s.in += 4
	copied := copy(s.dst[s.out:], s.src[s.in:min(s.in+n, len(s.src))])
	s.in += copied
	s.out += copied
	return copied == n
}

// lensOrder is the order of the lengths of the codes for lengths in a block.
const lensOrder = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"

// readCodes reads the codes that a block defines (RFC 1951, section 3.2.7) and builds
// their tables.
func (t *tables) readCodes(s *stream) bool {
	s.topUp()
	lits, dists, lens := s.take(5)+257, s.take(5)+1, s.take(4)+4
	if lits > maxLit || dists > maxDist || !t.readLensCode(s, lens) {
		return false
	}
	n, ok := t.readLengths(s, lits+dists)
	if !ok || s.overrun() {
		return false
	}
	split := n
	for split > 0 && int(t.codes[split-1]>>4) >= lits {
		split--
		t.codes[split] -= coded(lits << 4)
	}
	return t.build(t.lit[:], litBits, t.codes[:split], t.symbols.lit[:]) &&
		t.build(t.dist[:], distBits, t.codes[split:n], t.symbols.dist[:])
}

// readLensCode reads the code for lengths, which has n lengths.
func (t *tables) readLensCode(s *stream, n int) bool {
	var lens [numLens]coded
	for i := range n {
		if s.count < 3 {
			s.topUp()
		}
		lens[lensOrder[i]] = coded(s.take(3))
	}
	codes := t.codes[:0]
	for i, l := range lens {
		if l > 0 {
			codes = append(codes, coded(i<<4)|l)
		}
	}
	return t.build(t.lens[:], lensBits, codes, t.symbols.lens[:])
}

// readLengths reads the lengths of total codes, and lists those that are not zero in
// t.codes. It returns their number.
func (t *tables) readLengths(s *stream, total int) (n int, ok bool) {
	var previous coded
	for i := 0; i < total; {
		if s.count < 14 {
			s.topUp()
		}
		e := t.lens[s.bits&lensMask]
		value := e.value(s.bits)
		s.take(uint(e & 63))
		if e&literal != 0 {
			previous = coded(e.literal())
			t.codes[n] = coded(i<<4) | previous
			n += int(previous+15) >> 4 // not if it is zero
			i++
			continue
		}
		end := i + value
		if e&repeat == 0 {
			previous = 0
		}
		if e&special != 0 || end > total || e&repeat != 0 && i == 0 {
			return 0, false
		}
		if previous != 0 {
			for ; i < end; i++ {
				t.codes[n] = coded(i<<4) | previous
				n++
			}
		}
		i = end
	}
	return n, true
}
