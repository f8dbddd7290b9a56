package patterns

import (
	"fmt"
	"strings"
)

// Class is a set of bytes, written as in a regular expression's brackets but
// without escapes: "A-Za-z0-9/+".
type Class [4]uint64

// ParseClass reads a class. A range that runs backwards is an error.
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

// String returns the class as ParseClass reads it.
func (c Class) String() string {
	var b strings.Builder
	dash := "" // alone it stands last, where it is no range
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
