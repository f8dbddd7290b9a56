package decode

import (
	"compress/gzip"
	"encoding/base64"
	"io"
)

const (
	// Before and After are how many bytes before and after the place of a hit
	// decoders look at.
	Before = 4 << 10
	After  = 32 << 10
)

// Base64Words returns what word looks like inside base64, whatever stands
// before it: a part of the encoding for each of the three ways in which a word
// can lie in groups of three bytes. The index is the number of the character
// within its group of four with which that part begins.
func Base64Words(word string) (words []string, phase []int) {
	for skip := range 3 {
		enc := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:skip] + word))
		first := (8*skip + 5) / 6
		last := 8 * (skip + len(word)) / 6
		words = append(words, enc[first:last])
		phase = append(phase, first%4)
	}
	return words, phase
}

// Base64 decodes the run of base64 that holds text[at], a character of number
// phase in its group of four. Both alphabets are read, and lines are joined. The
// three bytes of a group come from its first three characters.
func Base64(text []byte, at, phase int) (View, bool) {
	start := base64Start(text, at, phase)
	v := View{base: start}
	in := digits{text: text, at: at, next: start, limit: min(len(text), at+After)}
	var group uint32
	for n := 1; ; n++ {
		d, ok := in.read()
		if !ok {
			break
		}
		group = group<<6 | uint32(d)
		if k := n % 4; k > 1 {
			v.add(byte(group>>(8-2*k)), in.next-1-start-1)
		} else if k == 0 {
			v.add(byte(group), in.next-1-start-1)
		}
	}
	v.end = in.next
	return v, len(v.Text) > 0
}

// digits reads the characters of a run of base64.
type digits struct {
	text  []byte
	at    int // up to here the text is known to be one run
	next  int // offset of the next character
	limit int // of next
}

// read returns the value of the next character.
func (d *digits) read() (value int, ok bool) {
	for d.next < d.limit {
		if value = digit64(d.text[d.next]); value >= 0 {
			d.next++
			return value, true
		}
		skip := lineBreak(d.text, d.next, d.limit)
		if skip == 0 || d.next > d.at && !isLine(d.text, d.next) {
			return 0, false
		}
		d.next += skip
	}
	return 0, false
}

// GzipWord is how gzip data (RFC 1952) begins in base64.
const GzipWord = "H4sIA"

// maxInflated bounds what Gzip returns.
const maxInflated = 64 << 10

// Gzip inflates the base64 that begins at text[at], up to 64 KiB. Where a byte of
// the result comes from is told in proportion.
func Gzip(text []byte, at int) (View, bool) {
	in := &bytes64{in: digits{text: text, at: at, next: at, limit: min(len(text), at+After)}}
	r, err := gzip.NewReader(in)
	if err != nil {
		return View{}, false
	}
	r.Multistream(false)
	v := View{base: at}
	v.Text, _ = io.ReadAll(io.LimitReader(r, maxInflated)) // what comes before damage counts
	v.from = make([]int32, len(v.Text))
	v.end = in.in.next
	for i := range v.from {
		v.from[i] = int32(i * (v.end - at) / len(v.from))
	}
	return v, len(v.Text) > 0
}

// bytes64 reads the bytes that a run of base64 stands for, and no further in
// it than it was asked to.
type bytes64 struct {
	in    digits
	group uint32
	n     int // characters read
}

// ReadByte implements io.ByteReader.
func (b *bytes64) ReadByte() (byte, error) {
	for {
		d, ok := b.in.read()
		if !ok {
			return 0, io.EOF
		}
		b.group = b.group<<6 | uint32(d)
		b.n++
		if k := b.n % 4; k > 1 {
			return byte(b.group >> (8 - 2*k)), nil
		} else if k == 0 {
			return byte(b.group), nil
		}
	}
}

// Read implements io.Reader.
func (b *bytes64) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if p[n], err = b.ReadByte(); err != nil {
			break
		}
		n++
	}
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// base64Start goes back from a character to the start of its run, or to that of
// a group within reach.
func base64Start(text []byte, at, phase int) int {
	limit := max(0, at-Before)
	digits := phase // since the start of a group, modulo 4
	best := at + (4-phase)%4
	for i := at; i >= limit; i-- {
		if digit64(text[i]) < 0 {
			if i = lineBefore(text, i, limit); i < limit {
				break
			}
		}
		if digits%4 == 0 {
			best = i
		}
		digits += 3 // one back
	}
	return best
}

// wrapped is the length from which a line of base64 may go on in the next.
const wrapped = 40

// lineBefore returns the offset of the last character of the line before that
// of which text[i] ends the indentation, or -1 if that is no line of base64 or
// ends before limit.
func lineBefore(text []byte, i, limit int) int {
	for i >= limit && (text[i] == ' ' || text[i] == '\t') {
		i--
	}
	if i < limit || !isLineEnd(text[i]) {
		return -1
	}
	for i >= limit && isLineEnd(text[i]) {
		i--
	}
	if i < limit || !isLine(text, i+1) {
		return -1
	}
	return i
}

// isLine reports whether a line of base64 that is long enough to go on in the
// next one ends before text[end].
func isLine(text []byte, end int) bool {
	if end < wrapped {
		return false
	}
	for _, c := range text[end-wrapped : end] {
		if digit64(c) < 0 {
			return false
		}
	}
	return true
}

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

// lineBreak returns the length of a line's end, with the next one's
// indentation, if more base64 follows.
func lineBreak(text []byte, i, limit int) int {
	k := i
	if k+1 < limit && text[k] == '\\' && (text[k+1] == 'n' || text[k+1] == 'r') {
		for k+1 < limit && text[k] == '\\' && (text[k+1] == 'n' || text[k+1] == 'r') {
			k += 2
		}
	} else {
		for k < limit && isLineEnd(text[k]) {
			k++
		}
		if k == i {
			return 0
		}
		for k < limit && (text[k] == ' ' || text[k] == '\t') {
			k++
		}
	}
	if k < limit && digit64(text[k]) >= 0 {
		return k - i
	}
	return 0
}

func digit64(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return int(c - 'A')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 26
	case '0' <= c && c <= '9':
		return int(c-'0') + 52
	case c == '+' || c == '-':
		return 62
	case c == '/' || c == '_':
		return 63
	}
	return -1
}

// Hex decodes the run of hexadecimal digits that holds text[at], the first of
// a pair.
func Hex(text []byte, at int) (View, bool) {
	start := at
	for start-2 >= max(0, at-Before) && digit16(text[start-1]) >= 0 && digit16(text[start-2]) >= 0 {
		start -= 2
	}
	v := View{base: start, end: start}
	for i := start; i+1 < min(len(text), at+After); i += 2 {
		hi, lo := digit16(text[i]), digit16(text[i+1])
		if hi < 0 || lo < 0 {
			break
		}
		v.add(byte(hi<<4|lo), i-start)
		v.end = i + 2
	}
	return v, len(v.Text) > 0
}

func digit16(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// WideAfter is how many bytes after the place of a hit UTF16 and UTF32 look at. They
// look half as far back.
const WideAfter = 4 << 10

// UTF16 reads text around at as 16-bit units of which text[at] is the low half
// and text[at+1] the high one. Units beyond ASCII become 0xff. Where the text ends
// with a low half, the high one came before: both orders look alike.
func UTF16(text []byte, at int) (View, bool) { return wide(text, at, 2) }

// UTF32 is UTF16 for 32-bit units, of which text[at] is the low byte.
func UTF32(text []byte, at int) (View, bool) { return wide(text, at, 4) }

func wide(text []byte, at, size int) (View, bool) {
	start := at - min(at, WideAfter/2)/size*size
	v := View{base: start}
	end := min(len(text), at+WideAfter)
	for i := start; i < end && (i+size <= end || end == len(text)); i += size {
		c := text[i]
		for _, high := range text[i+1 : min(i+size, end)] {
			if high != 0 {
				c = 0xff
			}
		}
		if c >= 0x80 {
			c = 0xff
		}
		v.add(c, i-start)
		v.end = min(i+size, end)
	}
	return v, len(v.Text) > 0
}
