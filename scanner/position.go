package scanner

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// position is a line and a column of a text, both counted from 0, the column in
// characters.
type position struct{ line, column int }

// after returns the position at the end of text, which starts at p.
func (p position) after(text []byte) position {
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		p.line += n
		p.column = 0
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	p.column += characters(text)
	return p
}

// characters counts the bytes of text that do not continue a UTF-8 sequence.
func characters(text []byte) int {
	n := len(text)
	for len(text) >= 8 {
		x := binary.LittleEndian.Uint64(text)
		n -= bits.OnesCount64(x & ^(x << 1) & 0x8080808080808080)
		text = text[8:]
	}
	for _, c := range text {
		if c&0xc0 == 0x80 {
			n--
		}
	}
	return n
}

// span is a range of bytes.
type span struct{ from, to int64 }
