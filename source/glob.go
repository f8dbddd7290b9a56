package source

import (
	"fmt"
	"strings"
)

// Paths are matched byte by byte, as in git: toRunes turns each byte into the rune of
// that number. The path of a directory ends with dirMark, which is not one of these
// runes.
const (
	dirMark  = "\u0100"
	anything = `[^\x{100}]{0,}`
	inName   = `[^/\x{100}]`
	nothing  = `[^\x00-\x{10ffff}]`
)

func toRunes(path string) string {
	for i := range len(path) {
		if path[i] >= 0x80 {
			var b strings.Builder
			for i := range len(path) {
				b.WriteRune(rune(path[i]))
			}
			return b.String()
		}
	}
	return path
}

// translate returns a line for go-gitignore that matches as a gitignore pattern does: a
// slash, which anchors it, and a regular expression without dots, stars, question marks
// and blanks, which the library would change. A pattern that cannot match becomes an
// empty line.
func translate(pattern string) string {
	pattern, _, _ = strings.Cut(pattern, "\x00")
	negation := ""
	if rest, ok := strings.CutPrefix(pattern, "!"); ok {
		pattern, negation = rest, "!"
	}
	pattern, isDir := strings.CutSuffix(pattern, "/")
	end := `\x{100}{0,1}$`
	if isDir {
		end = `\x{100}$`
	}
	g := glob{text: pattern}
	start := ""
	if strings.Contains(pattern, "/") {
		g.text = strings.TrimPrefix(pattern, "/")
		g.path = true
		g.prefix = strings.IndexAny(g.text, `*?[\`)
	} else {
		start = `([^\x{100}]{1,}/){0,1}`
	}
	expr, ok := g.expr()
	if !ok || g.text == "" {
		return ""
	}
	return negation + "/" + start + expr + end
}

// glob translates one pattern with the semantics of git's wildmatch.c.
type glob struct {
	text   string
	path   bool // the pattern matches paths; otherwise it matches names
	prefix int  // length of the literal prefix
	at     int
	out    strings.Builder
}

// expr returns the regular expression. ok is false if the pattern cannot match.
func (g *glob) expr() (string, bool) {
	for g.at < len(g.text) {
		c := g.text[g.at]
		switch c {
		case '*':
			g.stars()
			continue
		case '?':
			g.out.WriteString(inName)
		case '[':
			if !g.class() {
				return "", false
			}
			continue
		case '\\':
			g.at++
			if g.at == len(g.text) {
				return "", false
			}
			g.literal(g.text[g.at])
		default:
			g.literal(c)
		}
		g.at++
	}
	return g.out.String(), true
}

// literal writes a byte that neither the library nor the regular expression interprets.
func (g *glob) literal(c byte) {
	if isAlnum(c) || c == '/' || c == '_' {
		g.out.WriteByte(c)
		return
	}
	fmt.Fprintf(&g.out, `\x{%x}`, c)
}

func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }
func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// stars reads a run of stars. Two or more match slashes if they fill a whole path
// component; the end of the literal prefix counts as the start of one.
func (g *glob) stars() {
	from := g.at
	for g.at < len(g.text) && g.text[g.at] == '*' {
		g.at++
	}
	rest := g.text[g.at:]
	left := from == 0 || from == g.prefix || g.text[from-1] == '/'
	right := rest == "" || rest[0] == '/' || strings.HasPrefix(rest, `\/`)
	switch {
	case !g.path || g.at-from == 1 || !left || !right:
		g.out.WriteString(inName + "{0,}")
	case strings.HasPrefix(rest, "/"):
		g.at++
		g.out.WriteString("(" + anything + "/){0,1}")
	default:
		g.out.WriteString(anything)
	}
}

// class reads a bracket expression. It returns false if the expression is malformed, so
// that the pattern cannot match.
func (g *glob) class() bool {
	var set [256]bool
	at := g.at + 1
	negated := at < len(g.text) && (g.text[at] == '!' || g.text[at] == '^')
	if negated {
		at++
	}
	previous := byte(0)
	for first := true; first || at < len(g.text) && g.text[at] != ']'; first = false {
		if at >= len(g.text) {
			return false
		}
		c := g.text[at]
		switch {
		case c == '\\':
			if at++; at == len(g.text) {
				return false
			}
			c = g.text[at]
			set[c] = true
		case c == '-' && previous != 0 && at+1 < len(g.text) && g.text[at+1] != ']':
			if at++; g.text[at] == '\\' {
				if at++; at == len(g.text) {
					return false
				}
			}
			for b := int(previous); b <= int(g.text[at]); b++ {
				set[b] = true
			}
			c = 0
		case c == '[' && at+1 < len(g.text) && g.text[at+1] == ':':
			end := strings.IndexByte(g.text[at+2:], ']')
			if end < 0 {
				return false
			}
			name := g.text[at+2 : at+2+end]
			if !strings.HasSuffix(name, ":") {
				set['['] = true // a bracket and a colon, not a class
				break
			}
			if !addNamed(&set, name[:len(name)-1]) {
				return false
			}
			at += 2 + end
			c = 0
		default:
			set[c] = true
		}
		previous = c
		at++
	}
	if at >= len(g.text) {
		return false
	}
	g.at = at + 1
	g.writeSet(set, negated)
	return true
}

// writeSet writes the bytes of a set except the slash.
func (g *glob) writeSet(set [256]bool, negated bool) {
	var ranges strings.Builder
	for from := 1; from < 256; from++ {
		if set[from] == negated || from == '/' {
			continue
		}
		to := from
		for to+1 < 256 && set[to+1] != negated && to+1 != '/' {
			to++
		}
		fmt.Fprintf(&ranges, `\x{%x}-\x{%x}`, from, to)
		from = to
	}
	if ranges.Len() == 0 {
		g.out.WriteString(nothing)
		return
	}
	g.out.WriteString("[" + ranges.String() + "]")
}

// addNamed adds a POSIX class of the C locale.
func addNamed(set *[256]bool, name string) bool {
	graph := func(c byte) bool { return ' ' < c && c < 0x7f }
	member, ok := map[string]func(byte) bool{
		"alnum":  isAlnum,
		"alpha":  isAlpha,
		"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
		"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
		"digit":  isDigit,
		"graph":  graph,
		"lower":  func(c byte) bool { return 'a' <= c && c <= 'z' },
		"print":  func(c byte) bool { return graph(c) || c == ' ' },
		"punct":  func(c byte) bool { return graph(c) && !isAlnum(c) },
		"space":  func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
		"upper":  func(c byte) bool { return 'A' <= c && c <= 'Z' },
		"xdigit": func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
	}[name]
	if !ok {
		return false
	}
	for c := range 256 {
		set[c] = set[c] || member(byte(c))
	}
	return true
}
