package inflate

import "encoding/binary"

// The bytes that fast requires: in src, for a load after up to 7 bytes were counted by
// another; in dst, for three literals. Matches check their own bounds.
const (
	fastIn  = 15
	fastOut = 3
)

// block decodes the symbols of a compressed block, up to and including its end mark.
func (s *stream) block(lit *litTable, dist *distTable) bool {
	for {
		st := s.fast(lit, dist)
		if st == more {
			st = s.careful(lit, dist)
		}
		if st != more {
			return st == ended
		}
	}
}

// fast decodes symbols while at least fastIn and fastOut bytes remain. It is one long
// function so that all its variables stay in registers. Only rare cases are calls.
func (s *stream) fast(lit *litTable, dist *distTable) (st status) {
	src, dst := s.src, s.dst
	in, out := s.in, s.out
	bits, count := s.bits, s.count // of count, only the low 6 bits
	for in <= len(src)-fastIn && out <= len(dst)-fastOut {
		bits, count, in = refill(bits, count, src, in)

		// 56 bits are three literals of litBits, or two and a length of 20.
		e := lit[bits&litMask]
		if e&literal != 0 {
			bits, count = drop(bits, count, e)
			dst[out] = e.literal()
			out++
			e = lit[bits&litMask]
			if e&literal != 0 {
				bits, count = drop(bits, count, e)
				dst[out] = e.literal()
				out++
				e = lit[bits&litMask]
				if e&literal != 0 {
					bits, count = drop(bits, count, e)
					dst[out] = e.literal()
					out++
					continue
				}
			}
		}
		if e&special != 0 {
			if e&link != 0 {
				bits, count = drop(bits, count, e)
				e = lit[e.linked(bits)]
			}
			if e&literal != 0 {
				bits, count = drop(bits, count, e)
				dst[out] = e.literal()
				out++
				continue
			}
			if e&special != 0 {
				bits, count = drop(bits, count, e)
				st = e.status()
				break
			}
		}
		length := e.value(bits)
		bits, count = drop(bits, count, e)

		if count&63 < 28 { // of a distance's code and extra bits
			bits, count, in = refill(bits, count, src, in)
		}
		e = dist[bits&distMask]
		if e&link != 0 {
			bits, count = drop(bits, count, e)
			e = dist[e.linked(bits)]
		}
		distance := e.value(bits)
		bits, count = drop(bits, count, e)

		from, end := out-distance, out+length
		if e&special != 0 || from < 0 {
			st = broken
			break
		}
		if distance < 8 || end > len(dst)-16 {
			copyMatch(dst, out, min(end, len(dst)), distance)
			if end > len(dst) {
				out, st = len(dst), broken
				break
			}
			out = end
			continue
		}
		a, b := dst[from:from+16:from+16], dst[out:out+16:out+16]
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(a))
		binary.LittleEndian.PutUint64(b[8:], binary.LittleEndian.Uint64(a[8:]))
		if length > 16 {
			copyWords(dst, out+16, end, distance)
		}
		out = end
	}
	s.in, s.out = in, out
	s.bits, s.count = bits, count&63
	return st
}

// drop removes the bits of e. The rest of e changes only the unused bits of count.
func drop(bits uint64, count uint, e entry) (uint64, uint) {
	return bits >> (e & 63), count - uint(e)
}

// status returns the meaning of a special symbol that is not a link.
func (e entry) status() status {
	if e&endMark != 0 {
		return ended
	}
	return broken
}

// copyWords writes dst[out:end], and up to 15 bytes after it, with a copy of the bytes
// that precede it by distance, which is at least 8.
//
//go:noinline
func copyWords(dst []byte, out, end, distance int) {
	for from := out - distance; out < end; from, out = from+16, out+16 {
		a, b := dst[from:from+16:from+16], dst[out:out+16:out+16]
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(a))
		binary.LittleEndian.PutUint64(b[8:], binary.LittleEndian.Uint64(a[8:]))
	}
}

// copyMatch is copyWords for any distance, and never writes past the end of dst.
//
//go:noinline
func copyMatch(dst []byte, out, end, distance int) {
	from, last := out-distance, len(dst)-8
	if distance >= 8 {
		for ; out < end && out <= last; from, out = from+8, out+8 {
			binary.LittleEndian.PutUint64(dst[out:], binary.LittleEndian.Uint64(dst[from:]))
		}
	} else if from <= last {
		// v is a word of repeats, step the length of those that fit.
		n := uint(distance) * 8
		v := binary.LittleEndian.Uint64(dst[from:]) & (1<<n - 1)
		v |= v << n
		v |= v << (2 * n)
		v |= v << (4 * n)
		step := 8 - 8%distance
		for ; out < end && out <= last; out += step {
			binary.LittleEndian.PutUint64(dst[out:], v)
		}
	}
	for ; out < end; out++ {
		dst[out] = dst[out-distance]
	}
}

// careful decodes one symbol near the end of src or dst.
func (s *stream) careful(lit *litTable, dist *distTable) status {
	s.topUp()
	e := s.lookUp(lit[:], litBits)
	if e&special != 0 {
		s.take(uint(e & 63))
		if s.overrun() {
			return broken
		}
		return e.status()
	}
	value := e.value(s.bits)
	s.take(uint(e & 63))
	if e&literal != 0 {
		if s.out == len(s.dst) || s.overrun() {
			return broken
		}
		s.dst[s.out] = byte(value)
		s.out++
		return more
	}
	s.topUp()
	e = s.lookUp(dist[:], distBits)
	distance := e.value(s.bits)
	s.take(uint(e & 63))
	if e&special != 0 || s.overrun() || distance > s.out {
		return broken
	}
	end := min(s.out+value, len(s.dst))
	copyMatch(s.dst, s.out, end, distance)
	value -= end - s.out
	s.out = end
	if value > 0 {
		return broken
	}
	return more
}

// lookUp returns the entry for the next symbol. It removes the bits that select a linked table.
func (s *stream) lookUp(table []entry, width uint) entry {
	e := table[s.bits&(1<<width-1)]
	if e&link != 0 {
		s.take(width)
		e = table[e.linked(s.bits)]
	}
	return e
}
