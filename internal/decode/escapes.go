package decode

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// maxLayers is how many escapings within one another Escapes undoes.
const maxLayers = 3

// Escapes undoes the escapes of text[from:to]: percent, backslash (\/ \n \x2f
// \u002f \057), markup (&#47; &#x2F; &amp;), quoted-printable (=2F and soft
// line breaks), and joins string literals that only blanks, line ends or an
// operator separate. It returns false if there is nothing to undo.
func Escapes(text []byte, from, to int) (View, bool) {
	v, ok := unescape(text[from:to])
	if !ok {
		return View{}, false
	}
	for range maxLayers - 1 {
		deeper, more := unescape(v.Text)
		if !more {
			break
		}
		for i, at := range deeper.from {
			deeper.from[i] = v.from[at]
		}
		deeper.end = v.end
		v = deeper
	}
	v.base = from
	v.end += from
	return v, true
}

// unescape undoes one layer.
func unescape(src []byte) (View, bool) {
	i := 0
	for ; i < len(src); i++ {
		if !mayEscape(src[i]) {
			continue
		}
		if _, n := escapeAt(src, i); n > 0 {
			break
		}
	}
	if i == len(src) {
		return View{}, false
	}
	v := View{Text: append(make([]byte, 0, len(src)), src[:i]...), from: make([]int32, i, len(src)), end: len(src)}
	for k := range i {
		v.from[k] = int32(k)
	}
	for i < len(src) {
		var c rune
		var n int
		if mayEscape(src[i]) {
			c, n = escapeAt(src, i)
		}
		switch {
		case n == 0:
			v.add(src[i], i)
			i++
			continue
		case c >= 0 && c < utf8.RuneSelf:
			v.add(byte(c), i)
		case c >= 0:
			v.add(0xff, i)
		}
		i += n
	}
	return v, true
}

// join stands for an escape that means nothing: a soft line break.
const removed = -1

// escapeAt returns what the escape at src[i] means, and its length; 0 if there
// is none.
func escapeAt(src []byte, i int) (c rune, n int) {
	switch src[i] {
	case '\\':
		return backslash(src[i:])
	case '%':
		if i+2 < len(src) {
			return parseNumber(src[i+1:i+3], 16, 3)
		}
	case '&':
		return entity(src[i:])
	case '=':
		return quotedPrintable(src, i)
	case '"', '\'', '`':
		return removed, concatenation(src[i:])
	}
	return 0, 0
}

func parseNumber(digits []byte, base, n int) (rune, int) {
	v, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || v > utf8.MaxRune {
		return 0, 0
	}
	return rune(v), n
}

func backslash(s []byte) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch c := s[1]; c {
	case '/', '"', '\'', '\\', '&', '=', '+':
		return rune(c), 2
	case 'n', 'r', 't':
		return map[byte]rune{'n': '\n', 'r': '\r', 't': '\t'}[c], 2
	case '\n':
		return removed, 2 + blanks(s[2:])
	case '\r':
		if len(s) > 2 && s[2] == '\n' {
			return removed, 3 + blanks(s[3:])
		}
	case 'x':
		if len(s) >= 4 {
			return parseNumber(s[2:4], 16, 4)
		}
	case 'u':
		if len(s) >= 6 {
			return parseNumber(s[2:6], 16, 6)
		}
	case '0', '1':
		if len(s) >= 4 {
			return parseNumber(s[1:4], 8, 4)
		}
	}
	return 0, 0
}

// blanks returns how many blanks s begins with: the indentation of a line that
// continues another.
func blanks(s []byte) int { return len(s) - len(bytes.TrimLeft(s, " \t")) }

func entity(s []byte) (rune, int) {
	end := bytes.IndexByte(s[:min(len(s), 10)], ';')
	if end < 3 {
		return 0, 0
	}
	name := string(s[1:end])
	switch {
	case name[0] == '#' && (name[1] == 'x' || name[1] == 'X'):
		return parseNumber(s[3:end], 16, end+1)
	case name[0] == '#':
		return parseNumber(s[2:end], 10, end+1)
	}
	named := map[string]rune{"amp": '&', "quot": '"', "apos": '\'', "lt": '<', "gt": '>', "sol": '/', "plus": '+', "equals": '=', "nbsp": ' '}
	if c, ok := named[name]; ok {
		return c, end + 1
	}
	return 0, 0
}

// quotedPrintable reads only what stands for a character of base64, so that
// assignments stay what they are, and soft line breaks where RFC 2045 has them:
// at the end of a long line. A short one ends with the padding of base64.
func quotedPrintable(src []byte, i int) (rune, int) {
	s := src[i:]
	switch {
	case bytes.HasPrefix(s, []byte("=\n")) && isSoftLine(src, i):
		return removed, 2
	case bytes.HasPrefix(s, []byte("=\r\n")) && isSoftLine(src, i):
		return removed, 3
	case len(s) > 2 && s[1] == '2' && (s[2] == 'B' || s[2] == 'F') || len(s) > 2 && s[1] == '3' && s[2] == 'D':
		return parseNumber(s[1:3], 16, 3)
	}
	return 0, 0
}

// maxSoftLine is more bytes than a line has that ends softly, with its end.
const maxSoftLine = 80

// softLine reports whether the line that ends with src[i] has 40 to 78 bytes, its own included.
func isSoftLine(src []byte, i int) bool {
	from := max(0, i-maxSoftLine)
	n := i - from - bytes.LastIndexByte(src[from:i], '\n')
	return n >= 40 && n <= 78
}

// concatenation returns the length of what ends one string literal and begins
// the next of the same value: quote, blanks and at most one operator, quote.
func concatenation(s []byte) int {
	operator := false
	for i := 1; i < min(len(s), 80); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\r', '\n', '\\', '(', ')', '_':
		case '+', '.', '&', '~':
			if operator {
				return 0
			}
			operator = true
		case s[0]:
			if i == 1 && !operator {
				return 0 // an empty string, or a doubled quote
			}
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// BrokenReach bounds how many bytes before and after an escape Broken looks at
// to judge it, if n is at most 16.
const BrokenReach = 128

// Broken returns the offset of the first escape in text[from:to] that
// interrupts a word that is at least n letters, digits, slashes and pluses long
// without it, or -1: undoing escapes is worth the while only where there is one.
func Broken(text []byte, from, to, n int) int {
	for i := from; i < to; i++ {
		if !mayEscape(text[i]) {
			continue
		}
		_, length := escapeAt(text[:to], i)
		if length == 0 {
			continue
		}
		left, right := i, i+length
		for left > from && i-left < n && isWord(text[left-1]) {
			left--
		}
		for right < to && right-i-length < n && isWord(text[right]) {
			right++
		}
		if i-left+right-i-length >= n {
			return i
		}
	}
	return -1
}

// BrokenBefore returns how many bytes before text[from] Broken looks at: none, or
// those of from's line if that may end in a soft line break.
func BrokenBefore(text []byte, from int) int {
	line, _, ended := bytes.Cut(text[from:min(len(text), from+maxSoftLine)], []byte("\n"))
	if ended && bytes.HasSuffix(bytes.TrimSuffix(line, []byte("\r")), []byte("=")) {
		return maxSoftLine
	}
	return 0
}

// mayEscape reports whether an escape may begin with c.
func mayEscape(c byte) bool {
	switch c {
	case '\\', '%', '&', '=', '"', '\'', '`':
		return true
	}
	return false
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '/' || c == '+'
}
