package allow

import (
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// Mark is what a comment says to allow the finding on its line, or on the next
// line if the comment stands alone.
const Mark = "keyguard:allow"

// foreignMarks are those of other scanners. They are honoured so that a
// repository can change over without touching its files.
func foreignMarks() []string {
	return []string{"gitleaks:allow", "betterleaks:allow", "trufflehog:ignore", "pragma: allowlist secret", "pragma: whitelist secret", "ggignore"}
}

// Inline honours marks in comments.
type Inline struct {
	KeyguardOnly bool // leave the marks of other scanners aside
}

// Reason returns why f is allowed, or "" if it is not. A mark by any part of a
// credential counts for all of it.
func (in Inline) Reason(f *scanner.Finding) string {
	excerpts := []scanner.Excerpt{f.Excerpt}
	for _, p := range f.Related {
		excerpts = append(excerpts, p.Excerpt)
	}
	for _, e := range excerpts {
		for _, mark := range in.marks() {
			if strings.Contains(e.Line().Reveal(), mark) || comment(e.Before().Reveal()) && strings.Contains(e.Before().Reveal(), mark) {
				return "allowed by " + mark
			}
		}
	}
	return ""
}

func (in Inline) marks() []string {
	if in.KeyguardOnly {
		return []string{Mark}
	}
	return append([]string{Mark}, foreignMarks()...)
}

// comment reports whether a line is one from its start: a mark behind other
// text is about that text.
func comment(line string) bool {
	line = strings.TrimLeft(line, " \t")
	for _, start := range []string{"#", "//", "/*", "*", "--", ";", "<!--", "%", "'", "{#", "rem ", "REM "} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}
