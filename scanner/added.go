package scanner

import (
	"bytes"
	"hash/maphash"
)

// AddedLines returns the lines of text that old has not, or has less often. A
// line that only moved is none of them. Lines of UTF-16 text are counted as
// such and as bytes, as findings' lines are.
func AddedLines(old, text []byte) Lines {
	lines := addedLines(old, text)
	if high, ok := wideOrder(text[:min(len(text), wideSniff)]); ok {
		lines = append(lines, addedLines(narrowUnits(nil, old, high), narrowUnits(nil, text, high))...)
	}
	return lines
}

func addedLines(old, text []byte) Lines {
	old, text = withoutMark(old), withoutMark(text)
	seed := maphash.MakeSeed()
	count := make(map[uint64]int)
	for line := range bytes.Lines(text) {
		count[maphash.Bytes(seed, bytes.Trim(line, "\x00\r\n"))]++
	}
	for line := range bytes.Lines(old) {
		h := maphash.Bytes(seed, bytes.Trim(line, "\x00\r\n"))
		if n, ok := count[h]; ok {
			count[h] = n - 1
		}
	}
	var out Lines
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if count[maphash.Bytes(seed, bytes.Trim(line, "\x00\r\n"))] <= 0 {
			continue
		}
		if len(out) > 0 && out[len(out)-1].Last == n-1 {
			out[len(out)-1].Last = n
		} else {
			out = append(out, LineRange{n, n})
		}
	}
	return out
}

// withoutMark cuts a byte order mark, which is no part of the first line.
func withoutMark(text []byte) []byte {
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff", "\xff"} { // the last is a narrowed one
		if rest, ok := bytes.CutPrefix(text, []byte(mark)); ok {
			return rest
		}
	}
	return text
}
