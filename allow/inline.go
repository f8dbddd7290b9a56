package allow

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Mark is the comment text that allows findings on its line, or on the next line if the
// comment is alone on its line. Arguments may follow it, in any order:
//
//	rule=ID,…          only findings of these rules
//	fingerprint=HEX,…  only these credentials; another one in their place is reported
//	reason=…           the reason, in quotes or up to the end of the line
const Mark = "keyguard:allow"

// foreignMarks matches the marks of other scanners, so that a repository can change
// scanners without changing files. Its groups match in marks for the next line only.
var foreignMarks = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:gitleaks|betterleaks):allow|(?:trufflehog|kingfisher):ignore|ggignore|` +
		`secretlint-disable-(?:line|(next-line))|pragma: ?(?:allow|white)list[ -](?:(nextline)[ -])?secret`)
})

// mayMark reports whether foreignMarks can match: each mark contains one of these words.
func mayMark(text string) bool {
	has := func(word string) bool { return strings.Contains(text, word) }
	return has("allow") || has("ignore") || has("secretlint") || has("whitelist")
}

// marksIn returns the marks in a line that apply to a finding on it or, if the line is
// the one before, on the next. Marks of keyguard come first.
func marksIn(l line) (marks []mark) {
	if _, args, ok := strings.Cut(l.text, Mark); ok {
		marks = append(marks, parseMark(args))
	}
	if !mayMark(l.text) {
		return marks
	}
	for _, m := range foreignMarks().FindAllStringSubmatch(l.text, -1) {
		if next := m[1]+m[2] != ""; l.isBefore || !next {
			marks = append(marks, mark{name: m[0]})
		}
	}
	return marks
}

// Inline applies marks in comments. The zero value applies all of them.
type Inline struct {
	Forbid        bool // ignore all marks
	KeyguardOnly  bool // ignore the marks of other scanners
	RequireReason bool // ignore marks without a reason
	// Except matches paths where marks are only text, such as tests or documents about
	// marks. Marks there do not apply and are not reported as unused. It may be nil.
	Except Paths
}

// excepts reports whether marks in a file are only text, and the place of the pattern.
func (in Inline) excepts(path string) (place string, ok bool) {
	if in.Except == nil {
		return "", false
	}
	return in.Except.Match(path)
}

// exceptsAny reports whether marks are only text at any path of the origin.
func (in Inline) exceptsAny(o scanner.Origin) (place string, ok bool) {
	if place, ok = in.excepts(o.Path); ok || o.History == nil {
		return place, ok
	}
	for _, path := range o.History.Paths {
		if place, ok = in.excepts(path); ok {
			break
		}
	}
	return place, ok
}

// Decision is the result of the marks around a finding.
type Decision struct {
	Drop  patterns.Drop // of the mark that allows the finding; its Place is the mark's reason
	Note  string        // why a mark does not apply
	Lines []int         // lines of the marks that decided on each use
}

// Decide searches for marks around f. A mark allows a use of a credential if it is next
// to any part of that use. The finding is allowed if all its uses are; otherwise it moves
// to the first one that is not. A use of only the ID of a pair needs no mark if other
// uses contain the secret.
func (in Inline) Decide(f *scanner.Finding) (d Decision) {
	uses := f.Uses()
	opens := slices.ContainsFunc(uses, scanner.Use.GrantsAccess)
	var lines []int
	var open *scanner.Use // the first one that is not allowed
	for i, u := range uses {
		use := in.decideUse(f, u)
		lines = append(lines, use.Lines...)
		switch {
		case open != nil || opens && !u.GrantsAccess():
		case use.Drop.IsZero():
			d, open = use, &uses[i]
		case d.Drop.IsZero():
			d = use
		}
	}
	if open != nil {
		f.MoveTo(*open)
	}
	d.Lines = lines
	return d
}

// decideUse searches for marks around one use.
func (in Inline) decideUse(f *scanner.Finding, u scanner.Use) (d Decision) {
	for _, l := range linesAround(u) {
		for _, m := range marksIn(l) {
			if objection := in.objection(m, f); objection != "" {
				d = Decision{Note: "its " + m.name + " does not apply: " + objection, Lines: []int{l.number}}
				continue
			}
			drop := patterns.Drop{By: patterns.ByMark, Text: "allowed by " + m.name, Place: maskSecrets(m.reason)}
			return Decision{Drop: drop, Lines: []int{l.number}}
		}
	}
	return d
}

type line struct {
	text     string
	number   int
	isBefore bool // the line before a part of the finding
}

// linesAround returns the lines that may contain a mark for a use.
func linesAround(u scanner.Use) (lines []line) {
	for _, p := range u.Parts {
		lines = append(lines, line{p.Excerpt.Line().Reveal(), p.Span.Line, false})
		if before := lastLine(p.Excerpt.Before().Reveal()); isComment(before) {
			lines = append(lines, line{before, p.Span.Line - 1, true})
		}
	}
	return lines
}

// MarkIn reports whether a line contains Mark at the start of a comment, rather than in
// quotes or in prose. It returns the reason of the mark.
func MarkIn(line string) (reason string, ok bool) {
	before, args, found := strings.Cut(line, Mark)
	if !found || args != "" && !strings.ContainsAny(args[:1], " \t\r,;*-") {
		return "", false
	}
	if strings.Count(before, `"`)%2 == 1 || strings.Count(before, "`")%2 == 1 {
		return "", false
	}
	before = strings.TrimRight(before, " \t")
	starts := func(start string) bool { return strings.HasSuffix(before, strings.TrimSpace(start)) }
	return maskSecrets(parseMark(args).reason), slices.ContainsFunc(commentStarts(), starts)
}

// objection returns why a mark does not apply to f, or "" if it does.
func (in Inline) objection(m mark, f *scanner.Finding) string {
	place, text := in.exceptsAny(f.Origin)
	switch {
	case in.Forbid:
		return "marks are disabled"
	case text:
		return "marks in this file are only text, by " + place
	case in.KeyguardOnly && m.name != Mark:
		return "marks of other scanners are disabled"
	case len(m.rules) > 0 && !slices.Contains(m.rules, f.RuleID) && !slices.ContainsFunc(f.Related, func(p scanner.Part) bool { return slices.Contains(m.rules, p.RuleID) }):
		return "it is for " + maskSecrets(strings.Join(m.rules, ", "))
	case len(m.fingerprints) > 0 && !hasAny(m.fingerprints, f.Fingerprints()):
		return "it is for another credential"
	case in.RequireReason && m.reason == "":
		return "reason=… is missing"
	}
	return ""
}

// mark is a parsed mark.
type mark struct {
	name, reason        string
	rules, fingerprints []string
}

var markArgument = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\s,;]*(rule|fingerprint|reason)=("[^"]*"|'[^']*'|[^\s"']*)`)
})

// parseMark parses the arguments of a mark of keyguard. Marks of other scanners have no
// arguments.
func parseMark(rest string) mark {
	m := mark{name: Mark}
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
				m.reason = cutCommentEnd(rest[loc[4]:])
				return m
			}
		}
		rest = rest[loc[1]:]
	}
}

// cutCommentEnd removes the end of a comment.
func cutCommentEnd(s string) string {
	for _, end := range []string{"*/", "-->", "--%>", "#}", "%>", "*)"} {
		s, _, _ = strings.Cut(s, end)
	}
	return strings.TrimSpace(s)
}

// lastLine returns the last line of a text that ends with a newline.
func lastLine(text string) string {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	return text[strings.LastIndexAny(text, "\r\n")+1:]
}

var secretLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+=]{20,}`) })

// maskSecrets masks possible secrets: a reason up to the end of its line can contain one.
func maskSecrets(s string) string { return secretLike().ReplaceAllString(s, scanner.Mask) }

// isComment reports whether a comment begins the line. A mark after other text is about
// that text.
func isComment(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return slices.ContainsFunc(commentStarts(), func(start string) bool { return strings.HasPrefix(line, start) })
}

func commentStarts() []string {
	return []string{"#", "//", "/*", "*", "--", ";", "<!--", "%", "'", "{#", "rem ", "REM "}
}
