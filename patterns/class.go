package patterns

import (
	"fmt"
	"strings"
)

// Class is a set of bytes. Its text is written as in the brackets of a regular
// expression, without escapes: "A-Za-z0-9/+".
type Class [4]uint64

// ParseClass returns the class of a text. A backward range is an error.
func ParseClass(s string) (Class, error) {
	var c Class
	for i := 0; i < len(s); i++ {
		lo, hi := s[i], s[i]
		if i+2 < len(s) && s[i+1] == '-' {
			hi = s[i+2]
			i += 2
		}
		if lo > hi {
			return Class{}, fmt.Errorf("class %q has a backward range %c-%c", s, lo, hi)
		}
		for b := int(lo); b <= int(hi); b++ {
			c[b>>6] |= 1 << (b & 63)
		}
	}
	return c, nil
}

// String returns a text of the class for ParseClass.
func (c Class) String() string {
	var b strings.Builder
	dash := "" // last, so that it is not a range
	for lo := 0; lo < 256; lo++ {
		if !c.Has(byte(lo)) {
			continue
		}
		hi := lo
		for hi < 255 && c.Has(byte(hi+1)) {
			hi++
		}
		switch {
		case hi > lo:
			b.Write([]byte{byte(lo), '-', byte(hi)})
		case lo == '-':
			dash = "-"
		default:
			b.WriteByte(byte(lo))
		}
		lo = hi
	}
	return b.String() + dash
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Class) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClass(string(text))
	return err
}

// Has reports whether b is in the class.
func (c *Class) Has(b byte) bool { return c[b>>6]&(1<<(b&63)) != 0 }
