package allow

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Mark is what a comment says to allow the finding on its line, or on the next
// line if the comment stands alone. Behind it may follow, in any order,
//
//	rule=ID,…          only findings of these rules
//	fingerprint=HEX,…  only these credentials; another one in their place is reported
//	reason=…           why, in quotes or up to the end of the line
const Mark = "keyguard:allow"

// foreignMarks matches the marks of other scanners. They are honored so that a
// repository can change over without touching its files. The groups match in those that
// are about the next line alone.
var foreignMarks = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:gitleaks|betterleaks):allow|(?:trufflehog|kingfisher):ignore|ggignore|` +
		`secretlint-disable-(?:line|(next-line))|pragma: ?(?:allow|white)list[ -](?:(nextline)[ -])?secret`)
})

// marksIn returns the marks in a line that count for a finding on it, ours first, or, if
// the line stands before it, for one on the next.
func marksIn(l line) (marks []mark) {
	if _, args, ok := strings.Cut(l.text, Mark); ok {
		marks = append(marks, parseMark(args))
	}
	for _, m := range foreignMarks().FindAllStringSubmatch(l.text, -1) {
		if next := m[1]+m[2] != ""; l.isBefore || !next {
			marks = append(marks, mark{name: m[0]})
		}
	}
	return marks
}

// Inline honours marks in comments. The zero value honours all.
type Inline struct {
	Forbid        bool // honour none
	KeyguardOnly  bool // leave the marks of other scanners aside
	RequireReason bool // honour only marks that say why
	// Except are paths in which a mark is only text, as it is where marks are
	// tested or explained: none there is honoured, nor idle. It may be nil.
	Except Paths
}

// textIn reports whether marks in a file are only text, and what says so.
func (in Inline) excepts(path string) (place string, ok bool) {
	if in.Except == nil {
		return "", false
	}
	return in.Except.Match(path)
}

// textAnywhere reports whether marks are only text at any path that the finding has.
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

// Judgement is what the marks around a finding say of it.
type Decision struct {
	Drop  patterns.Drop // of the mark that allows it, with the mark's reason as its place
	Note  string        // why a mark that is there does not count
	Lines []int         // where the marks stand that decided on each use
}

// Judge looks for marks around f. A mark allows the use of a credential that it stands
// at, by any part of that use. The finding is allowed if all its uses are; otherwise it
// moves to the first one that is not. To mention the id of a pair needs no mark, unless
// the id is all there is.
func (in Inline) Decide(f *scanner.Finding) (j Decision) {
	uses := f.Uses()
	some := slices.ContainsFunc(uses, scanner.Use.Opens)
	var lines []int
	var open *scanner.Use // the first that is not allowed
	for i, u := range uses {
		of := in.decideUse(f, u)
		lines = append(lines, of.Lines...)
		switch {
		case open != nil || some && !u.Opens():
		case of.Drop.IsZero():
			j, open = of, &uses[i]
		case j.Drop.IsZero():
			j = of
		}
	}
	if open != nil {
		f.MoveTo(*open)
	}
	j.Lines = lines
	return j
}

// judge looks for marks around one use.
func (in Inline) decideUse(f *scanner.Finding, u scanner.Use) (j Decision) {
	for _, l := range linesAround(u) {
		for _, m := range marksIn(l) {
			if objection := in.objection(m, f); objection != "" {
				j = Decision{Note: "its " + m.name + " does not count: " + objection, Lines: []int{l.number}}
				continue
			}
			drop := patterns.Drop{By: patterns.ByMark, Text: "allowed by " + m.name, Place: maskSecrets(m.reason)}
			return Decision{Drop: drop, Lines: []int{l.number}}
		}
	}
	return j
}

type line struct {
	text     string
	number   int
	isBefore bool // it is the line before that of a part of the finding
}

// linesAround returns the lines where a mark for a use may be.
func linesAround(u scanner.Use) (lines []line) {
	for _, p := range u.Parts {
		lines = append(lines, line{p.Excerpt.Line().Reveal(), p.Span.Line, false})
		if before := lastLine(p.Excerpt.Before().Reveal()); isComment(before) {
			lines = append(lines, line{before, p.Span.Line - 1, true})
		}
	}
	return lines
}

// Stands reports whether a line holds Mark as one that is meant, at the start of
// a comment, and not as one that is spoken of, in quotes; and the reason that it
// gives.
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

// objection says why a mark does not count for f.
func (in Inline) objection(m mark, f *scanner.Finding) string {
	place, text := in.exceptsAny(f.Origin)
	switch {
	case in.Forbid:
		return "marks in files are switched off"
	case text:
		return "marks in this file are only text, by " + place
	case in.KeyguardOnly && m.name != Mark:
		return "marks of other scanners are switched off"
	case len(m.rules) > 0 && !slices.Contains(m.rules, f.RuleID) && !slices.ContainsFunc(f.Related, func(p scanner.Part) bool { return slices.Contains(m.rules, p.RuleID) }):
		return "it is for " + maskSecrets(strings.Join(m.rules, ", "))
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

// parseMark reads the arguments behind a mark of ours. Those of others have none.
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

// endOfComment cuts what closes a comment.
func cutCommentEnd(s string) string {
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
func maskSecrets(s string) string { return secretLike().ReplaceAllString(s, scanner.Mask) }

// comment reports whether a line is one from its start: a mark behind other
// text is about that text.
func isComment(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return slices.ContainsFunc(commentStarts(), func(start string) bool { return strings.HasPrefix(line, start) })
}

func commentStarts() []string {
	return []string{"#", "//", "/*", "*", "--", ";", "<!--", "%", "'", "{#", "rem ", "REM "}
}
