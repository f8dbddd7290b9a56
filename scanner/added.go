package scanner

import (
	"bytes"
	"hash/maphash"
)

// AddedLines returns the lines of text that old has not, or has less often. A
// line that only moved is none of them. Lines of UTF-16 and UTF-32 text are counted
// as such and as bytes, as findings' lines are.
func AddedLines(old, text []byte) Lines {
	lines := addedLines(old, text)
	if u, ok := unitsOf(text); ok {
		lines = append(lines, addedLines(u.narrow(nil, old), u.narrow(nil, text))...)
	}
	return lines
}

func addedLines(old, text []byte) Lines {
	old, text, n := differing(withoutMark(old), withoutMark(text))
	seed := maphash.MakeSeed()
	count := make(map[uint64]int)
	for line := range bytes.Lines(text) {
		count[maphash.Bytes(seed, trimLine(line))]++
	}
	for line := range bytes.Lines(old) {
		h := maphash.Bytes(seed, trimLine(line))
		if n, ok := count[h]; ok {
			count[h] = n - 1
		}
	}
	var out Lines
	for line := range bytes.Lines(text) {
		n++
		if count[maphash.Bytes(seed, trimLine(line))] <= 0 {
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

// differing cuts the lines that two texts begin and end with alike, and returns how
// many there were at the beginning. So of equal lines the one that was there before is
// not taken for the one that is new, wherever a change is in one place.
func differing(old, text []byte) (restOld, rest []byte, before int) {
	for len(old) > 0 && len(text) > 0 {
		a, b := firstLine(old), firstLine(text)
		if !bytes.Equal(trimLine(old[:a]), trimLine(text[:b])) {
			break
		}
		old, text = old[a:], text[b:]
		before++
	}
	for len(old) > 0 && len(text) > 0 {
		a, b := lastLine(old), lastLine(text)
		if !bytes.Equal(trimLine(old[a:]), trimLine(text[b:])) {
			break
		}
		old, text = old[:a], text[:b]
	}
	return old, text, before
}

// firstLine returns where the first line ends.
func firstLine(text []byte) int {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// lastLine returns where the last line begins.
func lastLine(text []byte) int { return bytes.LastIndexByte(text[:len(text)-1], '\n') + 1 }

// trimLine cuts the line break, in UTF-16 with the zeros beside it.
func trimLine(line []byte) []byte { return bytes.Trim(line, "\x00\r\n") }

// withoutMark cuts a byte order mark, which is no part of the first line.
func withoutMark(text []byte) []byte {
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff", "\xff"} { // the last is a narrowed one
		if rest, ok := bytes.CutPrefix(text, []byte(mark)); ok {
			return rest
		}
	}
	return text
}
