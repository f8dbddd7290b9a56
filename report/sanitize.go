package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyguard/keyguard/internal/cquote"
	"github.com/keyguard/keyguard/scanner"
)

// Printable escapes a line of untrusted text: control, reordering and invalid characters,
// and the prefixes of CI commands.
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

// fileName quotes a path as git does if it contains special characters.
func fileName(name string) string { return disarm(cquote.Quote(name)) }

// disarm breaks the command prefixes that GitHub ("::", "##["), Azure ("##vso[") and
// TeamCity ("##teamcity[") read from logs.
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

// maskName masks possible secrets in the name of a branch or tag. A name without digits
// consists of words: random text of that length rarely lacks digits.
func maskName(name string) string {
	if !strings.ContainsAny(name, "0123456789") {
		return name
	}
	return scanner.MaskRandom(name)
}

// maskPath masks the elements of a path one by one, because a whole path resembles a long
// base64 run. The path of a finding itself is not masked: its reader must be able to find
// the file.
func maskPath(path string) string {
	return strings.Join(each(strings.Split(path, "/"), maskName), "/")
}
