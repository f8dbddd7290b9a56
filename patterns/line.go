package patterns

import "bytes"

// contextReach is how many bytes before a keyword a rule's Context may lie.
const contextReach = 300

// nameOf returns the name at the end of a line's start, such as that of a variable.
func nameOf(prefix []byte) []byte {
	prefix = bytes.TrimRight(prefix, " \t\"'`=:>[({,])}|?&\\")
	i := len(prefix)
	for i > 0 && (isBase64(prefix[i-1]) || isOneOf(prefix[i-1], "_.-")) {
		i--
	}
	return prefix[i:]
}

// linePrefix returns what stands before at in its line, as far as contextReach.
func linePrefix(text []byte, at int) []byte {
	before := text[max(0, at-contextReach):at]
	return before[bytes.LastIndexByte(before, '\n')+1:]
}

// words returns a name in lower case with an underscore around each word.
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

// around returns the identifier around text[at], and with it the plain words
// that stand beside it in the line.
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

// phraseReach is how many bytes beside an identifier may belong to its phrase.
const phraseReach = 24

// parents returns the lines, or parts of them, that what text ends with lies
// within, the nearest first: by brackets in its own line, by indentation, or as
// the section of an INI file.
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
			out = append(out, line[max(0, len(line)-parentReach):])
			within = n
		}
		if section {
			break
		}
	}
	return out
}

// wholeLines returns text[from:to] without the line that from cuts, if to is in
// another.
func wholeLines(text []byte, from, to int) []byte {
	if i := bytes.IndexByte(text[from:to], '\n'); from > 0 && i >= 0 {
		from += i + 1
	}
	return text[from:to]
}

// parentReach is how many bytes at the end of a line say what it begins.
const parentReach = 80

// indent returns how many blanks a line begins with. Those of a change in a patch
// stand behind its mark.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t+-")) }
