package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyguard/keyguard/internal/cquote"
	"github.com/keyguard/keyguard/scanner"
)

// Printable makes a line of foreign text harmless: what would move a terminal's
// cursor, reorder text or be no character becomes an escape, and so does what
// CI systems take for a command.
func Printable(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
			n = 1
		case r == '\t' || unicode.IsPrint(r):
			b.WriteString(s[:n])
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		s = s[n:]
	}
	return disarm(b.String())
}

// fileName is a path as text shows it: quoted as git does where it holds
// anything but plain characters.
func fileName(name string) string { return disarm(cquote.Quote(name)) }

// disarm breaks the prefixes of the commands that GitHub ("::", "##["), Azure
// ("##vso[") and TeamCity ("##teamcity[") look for in logs.
func disarm(s string) string {
	s = strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`, "##teamcity[", `#\x23teamcity[`).Replace(s)
	if trimmed := strings.TrimLeft(s, " \t"); strings.HasPrefix(trimmed, "::") {
		s = s[:len(s)-len(trimmed)] + `\x3a` + trimmed[1:]
	}
	return s
}

func each(names []string, do func(string) string) []string {
	var out []string
	for _, n := range names {
		out = append(out, do(n))
	}
	return out
}

// maskName masks what may be a secret in the name of a branch or tag. What has
// no digit is words: random bytes of that length hardly ever lack one.
func maskName(name string) string {
	if !strings.ContainsAny(name, "0123456789") {
		return name
	}
	return scanner.MaskRandom(name)
}

// maskPath masks the parts of a path: the whole is a long run of base64 by
// nature. A finding's own path stays, as nobody could mend what cannot be found.
func maskPath(path string) string {
	return strings.Join(each(strings.Split(path, "/"), maskName), "/")
}
