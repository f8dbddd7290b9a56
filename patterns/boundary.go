package patterns

// leftReach is the number of bytes before an offset that decide whether a value may start
// there.
const leftReach = keyIDLen + 2

// mayFollow reports whether a value may start at text[at], although the byte before it
// could belong to it: an escape, an option, a key ID or the marks of a patch end there.
func mayFollow(text []byte, at int) bool {
	return escapeEndsAt(text, at) || optionEndsAt(text, at) || idEndsAt(text, at) || patchMarkEndsAt(text, at)
}

// maxMarks is the greatest number of bytes that mark a line as part of a patch. Patches
// may be quoted, combined, and compared with one another.
const maxMarks = 8

// patchMarkEndsAt reports whether only the marks of a patch precede text[at] in its line.
// The last of them must be a plus.
func patchMarkEndsAt(text []byte, at int) bool {
	if at == 0 || text[at-1] != '+' {
		return false
	}
	i := at - 1
	for limit := max(0, at-maxMarks); i > limit && isOneOf(text[i-1], "+- >|\t"); {
		i--
	}
	return i == 0 || isOneOf(text[i-1], "\r\n")
}

// escapeEndsAt reports whether an escape sequence ends before text[at]: \n, %3D, \x3d,
// \u003d, \075 or an ANSI color. Its last character may look like a part of the word
// after it.
func escapeEndsAt(text []byte, at int) bool {
	back := func(n int) byte {
		if at-n < 0 {
			return 0
		}
		return text[at-n]
	}
	hex := func(n int) bool {
		for i := 1; i <= n; i++ {
			if !isHex(back(i)) {
				return false
			}
		}
		return true
	}
	switch {
	case back(2) == '\\' && isOneOf(back(1), "0abfnrtv"):
		return true
	case back(3) == '%' && hex(2):
		return true
	case back(4) == '\\' && (back(3) == 'x' || back(3) == 'X') && hex(2):
		return true
	case back(6) == '\\' && (back(5) == 'u' || back(5) == 'U') && hex(4):
		return true
	case back(4) == '\\' && isOneOf(back(3), "01234567") && isOneOf(back(2), "01234567") && isOneOf(back(1), "01234567"):
		return true
	}
	return back(1) == 'm' && ansiColorEndsAt(text, at)
}

// optionEndsAt reports whether a short option of a command, such as -u, ends before
// text[at].
func optionEndsAt(text []byte, at int) bool {
	return at >= 2 && text[at-2] == '-' && (at == 2 || isOneOf(text[at-3], " \t\n\"'"))
}

// idEndsAt reports whether an access key ID and a slash end before text[at].
func idEndsAt(text []byte, at int) bool {
	if at <= keyIDLen || text[at-1] != '/' {
		return false
	}
	id := text[at-1-keyIDLen : at-1]
	return isAWSPrefix(id) && ParseKeyID(string(id)).Generation != Malformed
}

// ansiColorEndsAt reports whether ESC, [, digits and semicolons, and m end before
// text[at].
func ansiColorEndsAt(text []byte, at int) bool {
	i := at - 2
	for limit := at - 20; i > limit && i >= 0 && isOneOf(text[i], "0123456789;"); i-- {
	}
	return i >= 1 && text[i] == '[' && text[i-1] == 0x1b
}
