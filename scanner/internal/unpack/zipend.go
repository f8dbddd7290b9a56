package unpack

import (
	"encoding/binary"
	"math"
)

// ZipEndMark starts the end of a zip's directory (APPNOTE.TXT, 4.3.16).
const ZipEndMark = "PK\x05\x06"

// endSize is the size of the end of a zip's directory without its comment.
const endSize = 22

// ZipEnd returns the offset of the end of a zip whose ZipEndMark is at text[at], or 0 if
// it is truncated.
func ZipEnd(text []byte, at int) int {
	if at+endSize > len(text) {
		return 0
	}
	return at + endSize + int(binary.LittleEndian.Uint16(text[at+endSize-2:]))
}

// EndsInZip reports whether a zip may end a text of a size with a ZipEndMark at an
// offset, or without one at -1. Readers search for the mark in the length of the longest
// comment, and ignore the bytes after it.
func EndsInZip(at, size int64) bool { return at >= 0 && size-at <= endSize+math.MaxUint16 }
