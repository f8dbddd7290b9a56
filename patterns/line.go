package patterns

import "bytes"

// contextReach is the number of bytes before a keyword or a secret that may describe it.
const contextReach = 300

// nameOf returns the name at the end of prefix, such as the name of a variable.
func nameOf(prefix []byte) []byte {
	prefix = bytes.TrimRight(prefix, " \t\"'`=:>[({,])}|?&\\")
	i := len(prefix)
	for i > 0 && (isBase64(prefix[i-1]) || isOneOf(prefix[i-1], "_.-")) {
		i--
	}
	return prefix[i:]
}

// linePrefix returns the bytes before text[at] in its line, at most contextReach.
func linePrefix(text []byte, at int) []byte {
	before := text[max(0, at-contextReach):at]
	return before[bytes.LastIndexByte(before, '\n')+1:]
}

// identifierWords returns a name in lower case with an underscore around each word.
func identifierWords(name []byte) string {
	out := []byte{'_'}
	for i, c := range name {
		begins := i > 0 && characterClass(c) == 'A' && (characterClass(name[i-1]) != 'A' || i+1 < len(name) && characterClass(name[i+1]) == 'a')
		if !isAlnum(c) {
			begins, c = true, '_'
		}
		if begins && out[len(out)-1] != '_' {
			out = append(out, '_')
		}
		if c != '_' {
			out = append(out, byte(lower(c)))
		}
	}
	if out[len(out)-1] != '_' {
		out = append(out, '_')
	}
	return string(out)
}

// identifierAt returns the identifier around text[at], and its phrase: the identifier
// with the plain words next to it in the line.
func identifierAt(text []byte, at int) (ident, phrase []byte) {
	from, to := at, at
	for from > 0 && (isAlnum(text[from-1]) || isOneOf(text[from-1], "_.-")) {
		from--
	}
	for to < len(text) && (isAlnum(text[to]) || isOneOf(text[to], "_.-")) {
		to++
	}
	ident = text[from:to]
	for limit := from - phraseReach; from > max(0, limit) && (isAlnum(text[from-1]) || text[from-1] == ' '); {
		from--
	}
	for limit := to + phraseReach; to < min(len(text), limit) && (isAlnum(text[to]) || text[to] == ' '); {
		to++
	}
	return ident, text[from:to]
}

// phraseReach is the number of bytes on each side of an identifier that its phrase may
// have.
const phraseReach = 24

// enclosing returns the lines, or parts of lines, that enclose the end of text, the
// innermost first. Lines enclose by brackets in the last line, by indentation, or as the
// section of an INI file.
func enclosing(text []byte) (out [][]byte) {
	start := bytes.LastIndexByte(text, '\n') + 1
	line := text[start:]
	for depth, i := 0, len(line)-1; i >= 0; i-- {
		switch {
		case isOneOf(line[i], "}])"):
			depth++
		case isOneOf(line[i], "{[(") && depth > 0:
			depth--
		case isOneOf(line[i], "{[("):
			out = append(out, nameOf(line[:i]))
		}
	}
	within := indent(line)
	for start > 0 {
		end := start - 1
		start = bytes.LastIndexByte(text[:end], '\n') + 1
		line := bytes.TrimRight(text[start:end], " \t\r")
		section := len(line) > 2 && line[0] == '[' && line[len(line)-1] == ']'
		if n := indent(line); len(line) > n && (n < within || section) {
			out = append(out, line[max(0, len(line)-enclosingReach):])
			within = n
		}
		if section {
			break
		}
	}
	return out
}

// wholeLines returns text[from:to] without a truncated first line, unless that is the
// only line.
func wholeLines(text []byte, from, to int) []byte {
	if i := bytes.IndexByte(text[from:to], '\n'); from > 0 && i >= 0 {
		from += i + 1
	}
	return text[from:to]
}

// enclosingReach is the number of bytes at the end of an enclosing line that may name its
// block.
const enclosingReach = 80

// indent returns the number of blanks at the start of a line, with the marks of a patch.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t+-")) }
