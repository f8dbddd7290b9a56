package scanner

import (
	"encoding/base64"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// packedHead is the number of bytes of base64 that identify an archive.
const packedHead = 128

// gzipMark is the start of gzip data (RFC 1952) in base64.
const gzipMark = "H4sI"

// packedMarks returns the starts of archives in base64, and their encodings. Formats without
// one are not unpacked, only recorded.
func packedMarks() (marks []string, encodings []Encoding) {
	marks = []string{gzipMark, "UEsDB", "/Td6WFo", "KLUv/", "N3q8rycc", "UmFyIRoH"}
	for level := '1'; level <= '9'; level++ { // of bzip2, before the magic number of a block
		marks = append(marks, base64.StdEncoding.EncodeToString([]byte("BZh"+string(level)+"1AY&S")))
	}
	encodings = make([]Encoding, len(marks))
	encodings[0], encodings[1] = Base64Gzip, Base64Zip
	return marks, encodings
}

// unpackBase64 returns the content of the gzip or zip whose base64 begins at text[at], or
// the reason why another format is not unpacked.
func unpackBase64(text []byte, at int) (out decode.View, ok bool) {
	limit := min(len(text), at+decode.After)
	head, _ := decode.Base64(text[at:min(limit, at+packedHead)], 0, 0)
	format := unpack.FormatOf(head.Text)
	if format != unpack.Gzip && format != unpack.Zip {
		other := unpack.OtherFormat(head.Text)
		if format == unpack.Bzip2 {
			other = string(format)
		}
		if other != "" {
			out.Left = other + " in base64 is not unpacked"
		}
		return out, false
	}
	raw, _ := decode.Base64(text[at:limit], 0, 0)
	truncated := raw.End() >= limit-at-1 && limit < len(text)
	content, left := unpack.Beginning(raw.Text, format, truncated)
	if left != "" {
		left = string(format) + " in base64: " + left
	}
	raw.Move(at)
	return raw.Unpacked(content, left), true
}
