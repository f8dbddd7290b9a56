package decode

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLayers is the number of nested escapes that Escapes decodes.
const maxLayers = 3

// Escapes decodes the escapes in text[from:to]: percent, backslash (\/ \n \x2f \u002f
// \057), markup (&#47; &#x2F; &amp;), quoted-printable (=2F and soft line breaks). It
// also joins string literals that are separated only by blanks, newlines or an operator.
// It returns false if the range has no escapes.
func Escapes(text []byte, from, to int) (View, bool) {
	v, more, ok := unescape(text[from:to])
	if !ok {
		return View{}, false
	}
	for layer := 1; layer < maxLayers && more; layer++ {
		var deeper View
		if deeper, more, ok = unescape(v.Text); !ok {
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

// unescape decodes one layer. It returns false if src has no escapes. more reports
// whether the decoded text may have some.
func unescape(src []byte) (v View, more, ok bool) {
	plain := 0 // end of the last escape
	for i := 0; i < len(src); {
		if !MayEscape(src[i]) {
			i++
			continue
		}
		c, n := escapeAt(src, i)
		if n == 0 {
			more = true
			i++
			continue
		}
		if plain == 0 {
			v = View{Text: make([]byte, 0, len(src)), from: make([]int32, 0, len(src)), end: len(src)}
		}
		v.addRange(src, plain, i)
		switch {
		case c >= 0 && c < utf8.RuneSelf:
			v.add(byte(c), i)
			more = more || MayEscape(byte(c))
		case c >= 0:
			v.add(0xff, i)
		}
		i += n
		plain = i
	}
	if plain == 0 {
		return View{}, false, false
	}
	v.addRange(src, plain, len(src))
	return v, more, true
}

// removed is the value of an escape without a character, such as a soft line break.
const removed = -1

// escapeAt returns the character and the length of the escape at src[i], or length 0 if
// it is not an escape.
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
		return rune("\n\r\t"[strings.IndexByte("nrt", c)]), 2
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

// blanks returns the number of blanks at the start of s: the indentation of a
// continuation line.
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
	if c := namedEntity(name); c != 0 {
		return c, end + 1
	}
	return 0, 0
}

// namedEntity returns the character of a name in markup, or 0.
func namedEntity(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "quot":
		return '"'
	case "apos":
		return '\''
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "sol":
		return '/'
	case "plus":
		return '+'
	case "equals":
		return '='
	case "nbsp":
		return ' '
	}
	return 0
}

// quotedPrintable decodes only characters of base64, so that assignments are unchanged,
// and soft line breaks at the end of a long line (RFC 2045). A short line ends with the
// padding of base64.
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

// maxSoftLine is larger than the length of a line with a soft line break, in bytes.
const maxSoftLine = 80

// isSoftLine reports whether the line that ends with src[i] has 40 to 78 bytes, including
// src[i].
func isSoftLine(src []byte, i int) bool {
	from := max(0, i-maxSoftLine)
	n := i - from - bytes.LastIndexByte(src[from:i], '\n')
	return n >= 40 && n <= 78
}

// concatenation returns the length of the text between two string literals of the same
// value: quote, blanks and at most one operator, quote.
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

// BrokenReach is the maximum number of bytes that Broken reads before and after an
// escape, if n is at most 16.
const BrokenReach = 128

// Broken returns the offset of the first escape in text[from:to] inside a word, or -1.
// starts are the offsets for which MayEscape holds there, in order. The word must have at
// least n letters, digits, slashes and pluses without the escape. Decoding is only
// worthwhile at such an escape.
func Broken(text []byte, starts []int32, from, to, n int) int {
	for _, start := range starts {
		i := int(start)
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

// BrokenBefore returns the number of bytes that Broken needs before text[from]:
// maxSoftLine if the line of from may end in a soft line break, and 0 otherwise.
func BrokenBefore(text []byte, from int) int {
	line, _, ended := bytes.Cut(text[from:min(len(text), from+maxSoftLine)], []byte("\n"))
	if ended && bytes.HasSuffix(bytes.TrimSuffix(line, []byte("\r")), []byte("=")) {
		return maxSoftLine
	}
	return 0
}

// MayEscape reports whether an escape may begin with c.
func MayEscape(c byte) bool { return escapeStarts[c] == 'x' }

// escapeStarts has an x for each byte with which an escape may begin: "%&'=\`. It is a
// table, because MayEscape runs on every byte near a keyword.
const escapeStarts = "" +
	"..................................x..xxx.....................x.." +
	"............................x...x..............................." +
	"................................................................" +
	"................................................................"

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '/' || c == '+'
}
