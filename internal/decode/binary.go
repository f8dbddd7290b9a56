package decode

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
)

const (
	// Before and After are how far from the place of a hit decoders look.
	Before = 4 << 10
	After  = 16 << 10
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
// phase in its group of four. Both alphabets are read, and lines are joined.
func Base64(text []byte, at, phase int) (View, bool) {
	start := base64Start(text, at, phase)
	v := View{base: start}
	var group uint32
	n, broken := 0, start
	i := start
	for limit := min(len(text), at+After); i < limit; i++ {
		d := digit64(text[i])
		if d < 0 {
			skip := lineBreak(text, i, limit)
			if skip == 0 || i-broken < wrapped {
				break
			}
			i += skip - 1
			broken = i + 1
			continue
		}
		group = group<<6 | uint32(d)
		n++
		if k := n % 4; k > 1 {
			v.add(byte(group>>(8-2*k)), i-start-1)
		} else if k == 0 {
			v.add(byte(group), i-start-1)
		}
	}
	v.end = i
	return v, len(v.Text) > 0
}

// GzipWord is how gzip data (RFC 1952) begins in base64.
const GzipWord = "H4sIA"

// Gzip decodes the run of base64 that begins at text[at] and inflates it, up to
// 64 KiB. All of the result comes from all of the run.
func Gzip(text []byte, at int) (View, bool) {
	packed, ok := Base64(text, at, 0)
	if !ok {
		return View{}, false
	}
	i := bytes.Index(packed.Text, []byte("\x1f\x8b\x08"))
	if i < 0 {
		return View{}, false
	}
	r, err := gzip.NewReader(bytes.NewReader(packed.Text[i:]))
	if err != nil {
		return View{}, false
	}
	v := View{base: packed.base, end: packed.end}
	v.Text, _ = io.ReadAll(io.LimitReader(r, 64<<10)) // what comes before damage counts
	v.from = make([]int32, len(v.Text))
	return v, len(v.Text) > 0
}

// base64Start goes back from a character to the start of its run, or to that of
// a group within reach.
func base64Start(text []byte, at, phase int) int {
	limit := max(0, at-Before)
	digits := phase // since the start of a group, modulo 4
	best := at + (4-phase)%4
	for i := at; i >= limit; i-- {
		if digit64(text[i]) < 0 {
			if i = lineBefore(text, i); i < limit {
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
// of which text[i] ends the indentation, or -1 if that is no line of base64.
func lineBefore(text []byte, i int) int {
	for i >= 0 && (text[i] == ' ' || text[i] == '\t') {
		i--
	}
	if i < 0 || !isLineEnd(text[i]) {
		return -1
	}
	for i >= 0 && isLineEnd(text[i]) {
		i--
	}
	for k := range wrapped {
		if i-k < 0 || digit64(text[i-k]) < 0 {
			return -1
		}
	}
	return i
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

// UTF16 reads text around at as 16-bit units of which text[at] is the low half
// and text[at+1] the high one. Units beyond ASCII become 0xff.
func UTF16(text []byte, at int) (View, bool) {
	start := at - min(at, Before/2)&^1
	v := View{base: start}
	end := min(len(text), at+Before/2)
	for i := start; i+1 < end; i += 2 {
		c := text[i]
		if text[i+1] != 0 || c >= 0x80 {
			c = 0xff
		}
		v.add(c, i-start)
		v.end = i + 2
	}
	return v, len(v.Text) > 0
}
