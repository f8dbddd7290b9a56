package decode

import "encoding/base64"

const (
	// Before and After are the numbers of bytes that decoders read before and after the
	// position of a hit.
	Before = 4 << 10
	After  = 32 << 10
)

// Base64Words returns the base64 encodings of word at the three alignments in groups of
// three bytes, without the characters that depend on the bytes around it. phase is the
// index of the first character in its group of four.
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

// Base64 decodes the run of base64 that contains text[at], a character with index phase
// in its group of four. It accepts both alphabets and joins lines. The three bytes of a
// group are mapped to its first three characters.
func Base64(text []byte, at, phase int) (View, bool) {
	in := digits{alphabet: base64Digits(), text: text, at: at, limit: min(len(text), at+After)}
	start := in.begin(phase)
	v := View{base: start}
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

// alphabet describes an encoding: the value of a digit, or -1; the number of digits in a
// group of whole bytes; and the minimum length of a line that continues on the next.
type alphabet struct {
	value   func(byte) int
	group   int
	wrapped int
}

func base64Digits() alphabet { return alphabet{digit64, 4, 40} }
func hexDigits() alphabet    { return alphabet{digit16, 2, 32} }

// digits reads the digits of a run and joins its lines.
type digits struct {
	alphabet
	text  []byte
	at    int // the text up to here is known to be one run
	next  int // offset of the next digit
	limit int // maximum of next
}

// read returns the value of the next digit.
func (d *digits) read() (value int, ok bool) {
	for d.next < d.limit {
		if value = d.value(d.text[d.next]); value >= 0 {
			d.next++
			return value, true
		}
		skip := d.lineBreak(d.next)
		if skip == 0 || d.next > d.at && !d.isLine(d.next) {
			return 0, false
		}
		d.next += skip
	}
	return 0, false
}

// begin moves to the start of the run that contains text[at], a digit with index phase in
// its group, or to the start of the first group within Before bytes, and returns it.
func (d *digits) begin(phase int) int {
	limit := max(0, d.at-Before)
	n := phase // digits since the start of a group, modulo its length
	best := d.at + (d.group-phase)%d.group
	for i := d.at; i >= limit; i-- {
		if d.value(d.text[i]) < 0 {
			if i = d.lineBefore(i, limit); i < limit {
				break
			}
		}
		if n%d.group == 0 {
			best = i
		}
		n += d.group - 1 // one back
	}
	d.next = best
	return best
}

// lineBefore returns the offset of the last digit of the previous line, where text[i]
// ends the indentation of the current one. It returns -1 if that line is too short to
// continue, or ends before limit.
func (d *digits) lineBefore(i, limit int) int {
	for i >= limit && (d.text[i] == ' ' || d.text[i] == '\t') {
		i--
	}
	if i < limit || !isLineEnd(d.text[i]) {
		return -1
	}
	for i >= limit && isLineEnd(d.text[i]) {
		i--
	}
	if i < limit || !d.isLine(i+1) {
		return -1
	}
	return i
}

// isLine reports whether a line of digits that may continue on the next line ends before
// text[end].
func (d *digits) isLine(end int) bool {
	if end < d.wrapped {
		return false
	}
	for _, c := range d.text[end-d.wrapped : end] {
		if d.value(c) < 0 {
			return false
		}
	}
	return true
}

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

// lineBreak returns the length of the line break at an offset, including the indentation
// of the next line, if more digits follow.
func (d *digits) lineBreak(i int) int {
	text, limit, k := d.text, d.limit, i
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
	if k < limit && d.value(text[k]) >= 0 {
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

// Hex decodes the run of hexadecimal digits that contains text[at], the first digit of a
// pair. It joins lines.
func Hex(text []byte, at int) (View, bool) {
	in := digits{alphabet: hexDigits(), text: text, at: at, limit: min(len(text), at+After)}
	start := in.begin(0)
	v := View{base: start, end: start}
	for {
		hi, ok := in.read()
		first := in.next - 1
		lo, also := in.read()
		if !ok || !also {
			break
		}
		v.add(byte(hi<<4|lo), first-start)
		v.end = in.next
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

// WideAfter is the number of bytes that UTF16 and UTF32 read after the position of a hit.
// They read half as many before it.
const WideAfter = 4 << 10

// UTF16 decodes text around at as 16-bit units, of which text[at] is the low half and
// text[at+1] the high half. Units beyond ASCII become 0xff. If the text ends with a low
// half, the byte order is reversed and its high half came before.
func UTF16(text []byte, at int) (View, bool) { return wide(text, at, 2) }

// UTF32 is like UTF16 for 32-bit units, of which text[at] is the low byte.
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
