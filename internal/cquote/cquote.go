package cquote

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	escapeLetters = `abtnvfr"\`
	escapedBytes  = "\a\b\t\n\v\f\r\"\\"
)

// Unquote reads the quoted string at the start of s and returns it and the rest of s. ok
// is false if s does not start with a complete one.
func Unquote(s string) (text, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", s, false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:], true
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(s) && strings.IndexByte(escapeLetters, s[i+1]) >= 0:
			b.WriteByte(escapedBytes[strings.IndexByte(escapeLetters, s[i+1])])
			i++
		case i+3 < len(s) && isOctal(s[i+1:i+4]):
			b.WriteByte((s[i+1]-'0')<<6 | (s[i+2]-'0')<<3 | (s[i+3] - '0'))
			i += 3
		default:
			return "", s, false
		}
	}
	return "", s, false
}

func isOctal(s string) bool {
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' && s[2] <= '7'
}

// Quote returns s unchanged if it is plain text without quotes and control characters,
// and quoted otherwise. Valid UTF-8 stays readable.
func Quote(s string) string {
	plain := true
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\x00") {
		plain = plain && r != '"' && r != '\\' && printable(r)
	}
	if plain {
		return s
	}
	b.WriteByte('"')
	for i := 0; i < len(s); {
		c := s[i]
		if at := strings.IndexByte(escapedBytes, c); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(escapeLetters[at])
			i++
			continue
		}
		r, n := firstRune(s[i:])
		if n > 0 && printable(r) {
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		fmt.Fprintf(&b, `\%03o`, c)
		i++
	}
	b.WriteByte('"')
	return b.String()
}

// firstRune returns the first rune of s and its length, which is 0 if it is not valid
// UTF-8.
func firstRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n <= 1 {
		return 0, 0
	}
	return r, n
}

// printable excludes control and reordering characters, so that one name cannot look like
// another.
func printable(r rune) bool { return unicode.IsPrint(r) }
