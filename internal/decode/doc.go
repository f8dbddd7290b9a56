// Package decode decodes base64, hexadecimal, UTF-16 and UTF-32, and the escapes of URLs,
// string literals, markup and mail. It decodes ranges of a text around hits, never the
// whole text. Only Units narrows a text in UTF-16 or UTF-32 as a whole.
//
// The result is a View, which maps each byte to its position in the text. Views are
// small: a decoder reads and returns a few kilobytes.
package decode
