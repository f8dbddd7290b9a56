package allow

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/scanner"
)

// Mark is what a comment says to allow the finding on its line, or on the next
// line if the comment stands alone. Behind it may follow, in any order,
//
//	rule=ID,…          only findings of these rules
//	fingerprint=HEX,…  only these credentials; another one in their place is reported
//	reason=…           why, in quotes or up to the end of the line
const Mark = "keyguard:allow"

// foreignMarks are those of other scanners. They are honoured so that a
// repository can change over without touching its files.
func foreignMarks() []string {
	return []string{"gitleaks:allow", "betterleaks:allow", "trufflehog:ignore", "pragma: allowlist secret", "pragma: whitelist secret", "ggignore"}
}

// Inline honours marks in comments. The zero value honours all.
type Inline struct {
	Forbid        bool // honour none
	KeyguardOnly  bool // leave the marks of other scanners aside
	RequireReason bool // honour only marks that say why
}

// Judge returns why f is allowed, with what the mark says, or "" if it is not.
// If there is a mark that does not count, note tells why. A mark by any part of
// a credential counts for all of it.
func (in Inline) Judge(f *scanner.Finding) (drop, by, note string) {
	excerpts := []scanner.Excerpt{f.Excerpt}
	for _, p := range f.Related {
		excerpts = append(excerpts, p.Excerpt)
	}
	for _, e := range excerpts {
		lines := []string{e.Line().Reveal()}
		if before := lastLine(e.Before().Reveal()); comment(before) {
			lines = append(lines, before)
		}
		for _, line := range lines {
			for _, mark := range append([]string{Mark}, foreignMarks()...) {
				_, args, ok := strings.Cut(line, mark)
				if !ok {
					continue
				}
				m := parseMark(mark, args)
				if objection := in.objection(m, f); objection != "" {
					note = "its " + mark + " does not count: " + objection
					continue
				}
				return "allowed by " + mark, noSecrets(m.reason), ""
			}
		}
	}
	return "", "", note
}

// objection says why a mark does not count for f.
func (in Inline) objection(m mark, f *scanner.Finding) string {
	switch {
	case in.Forbid:
		return "marks in files are switched off"
	case in.KeyguardOnly && m.name != Mark:
		return "marks of other scanners are switched off"
	case len(m.rules) > 0 && !slices.Contains(m.rules, f.RuleID) && !slices.ContainsFunc(f.Related, func(p scanner.Part) bool { return slices.Contains(m.rules, p.RuleID) }):
		return "it is for " + noSecrets(strings.Join(m.rules, ", "))
	case len(m.fingerprints) > 0 && !slices.Contains(m.fingerprints, f.Fingerprint()):
		return "it is for another credential"
	case in.RequireReason && m.reason == "":
		return "it gives no reason=…"
	}
	return ""
}

// mark is one as written.
type mark struct {
	name, reason        string
	rules, fingerprints []string
}

var markArgument = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\s,;]*(rule|fingerprint|reason)=("[^"]*"|'[^']*'|[^\s"']*)`)
})

// parseMark reads the arguments behind a mark of ours. Those of others have
// none.
func parseMark(name, rest string) mark {
	m := mark{name: name}
	if name != Mark {
		return m
	}
	for {
		loc := markArgument().FindStringSubmatchIndex(rest)
		if loc == nil {
			return m
		}
		key, value := rest[loc[2]:loc[3]], rest[loc[4]:loc[5]]
		quoted := value != strings.Trim(value, `"'`)
		value = strings.Trim(value, `"'`)
		switch key {
		case "rule":
			m.rules = append(m.rules, strings.Split(value, ",")...)
		case "fingerprint":
			m.fingerprints = append(m.fingerprints, strings.Split(strings.ToLower(value), ",")...)
		case "reason":
			if m.reason = value; !quoted {
				m.reason = endOfComment(rest[loc[4]:])
				return m
			}
		}
		rest = rest[loc[1]:]
	}
}

// endOfComment cuts what closes a comment.
func endOfComment(s string) string {
	for _, end := range []string{"*/", "-->", "--%>", "#}", "%>", "*)"} {
		s, _, _ = strings.Cut(s, end)
	}
	return strings.TrimSpace(s)
}

// lastLine returns the last line of text, which ends with a line break.
func lastLine(text string) string {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	return text[strings.LastIndexAny(text, "\r\n")+1:]
}

var secretLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+=]{20,}`) })

// noSecrets masks what may be a secret: a reason up to the end of its line can
// hold one.
func noSecrets(s string) string { return secretLike().ReplaceAllString(s, scanner.Mask) }

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
