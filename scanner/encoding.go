package scanner

import "strings"

// Encoding is an encoding of text. Its value is its name in reports.
type Encoding string

// UTF16LE to UTF32BE are encodings of a text as a whole. The others are decoded where a
// keyword reveals them.
const (
	Base64     Encoding = "base64"
	Base64Gzip Encoding = "base64, gzip" // a gzip in base64, decoded in one step
	Base64Zip  Encoding = "base64, zip"
	Hex        Encoding = "hex"
	Escapes    Encoding = "escapes" // of programming languages, URLs, markup and mail
	UTF16      Encoding = "utf-16"
	UTF32      Encoding = "utf-32"
	UTF16LE    Encoding = "utf-16le"
	UTF16BE    Encoding = "utf-16be"
	UTF32LE    Encoding = "utf-32le"
	UTF32BE    Encoding = "utf-32be"
)

// isWide reports whether the units of an encoding have 16 or 32 bits.
func (e Encoding) isWide() bool {
	switch e {
	case UTF16, UTF32, UTF16LE, UTF16BE, UTF32LE, UTF32BE:
		return true
	}
	return false
}

// Decoding describes how the text of a finding was decoded from a blob. The zero value
// is text of the blob itself.
type Decoding struct {
	Member    string     // path of the member in archives, and its line; may be empty
	Encodings []Encoding // of the blob or the member, outermost first
}

// IsZero reports whether the text was not decoded.
func (d Decoding) IsZero() bool { return d.Member == "" && len(d.Encodings) == 0 }

// Outer returns the outermost encoding of the blob, or an empty string: text in an
// archive is not encoded in this sense.
func (d Decoding) Outer() Encoding {
	if d.Member != "" || len(d.Encodings) == 0 {
		return ""
	}
	return d.Encodings[0]
}

// String returns the names of the member and the encodings, outermost first.
func (d Decoding) String() string {
	var names []string
	if d.Member != "" {
		names = append(names, d.Member)
	}
	for _, e := range d.Encodings {
		names = append(names, string(e))
	}
	return strings.Join(names, ", ")
}
