package peer

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
)

// GitAllowed reads a .gitallowed of git-secrets, with one POSIX extended regular
// expression per line. git-secrets matches it with "path:number:text".
func GitAllowed(name string, data []byte) (*Result, error) {
	r := &Result{From: name}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			r.allowed(line)
		}
	}
	return r, nil
}

// allowed imports an allowed pattern.
func (r *Result) allowed(expr string) {
	if _, err := syntax.Parse(expr, syntax.Perl); err != nil || len(expr) > config.MaxRegex {
		r.leave("the pattern %q: it does not compile", expr)
		return
	}
	if regexp.MustCompile(expr).MatchString("") {
		r.leave("the pattern %q: it allows everything", expr)
		return
	}
	if path, ok := pathOnly(expr); ok {
		r.allow(config.Allow{Regexes: []string{path}, Target: allow.OnPath})
		return
	}
	if strings.HasPrefix(expr, "^") {
		r.change("the pattern %q: git-secrets matches path:number:text, keyguard only the text", expr)
	}
	r.allow(config.Allow{Regexes: []string{expr}, Target: allow.OnLine})
}

var plainFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\^?[\w./\\-]+/[\w.\\-]+\.[a-z]{1,6}\$?$`) })

// pathOnly returns the expression for paths if a pattern matches paths only, such as
// ^tests/file.txt:.* or docs/file.txt.
func pathOnly(expr string) (string, bool) {
	if plainFile().MatchString(expr) {
		return expr, true
	}
	for _, end := range []string{":.*$", ":.*", ":[0-9]+:.*", ":[0-9]+:", `:\d+:`, ":"} {
		if path, ok := strings.CutSuffix(expr, end); ok && strings.HasPrefix(expr, "^") && !strings.Contains(path, ":") {
			return path + "$", true
		}
	}
	return "", false
}

// GitSecrets reads the settings of git-secrets as printed by git config --null
// --get-regexp '^secrets\.': key, newline, value.
func GitSecrets(name string, data []byte) (*Result, error) {
	r := &Result{From: name}
	for record := range strings.SplitSeq(string(data), "\x00") {
		key, value, _ := strings.Cut(record, "\n")
		switch strings.ToLower(key) {
		case "":
		case "secrets.allowed":
			r.allowed(value)
		case "secrets.patterns":
			r.prohibited(value)
		case "secrets.providers":
			r.leave("the provider %q: keyguard does not run commands for patterns", value)
		default:
			r.leave("%s = %s: unknown key", key, value)
		}
	}
	return r, nil
}

// prohibited imports a pattern that git-secrets reports.
func (r *Result) prohibited(expr string) {
	if strings.Contains(expr, "AKIA") || strings.Contains(expr, "(SECRET|secret|Secret)") || strings.Contains(expr, "(ACCOUNT|account|Account)") {
		r.leave("the pattern %q: keyguard's own rules replace this AWS pattern", expr)
		return
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		r.leave("the pattern %q: it does not compile", expr)
		return
	}
	word := literalStart(tree)
	rule, note, err := newRule("imported-"+strings.Trim(ruleID(word), "-"), "Matches "+expr, expr, 0, []string{word})
	if err != nil {
		r.leave("the pattern %q: %v", expr, err)
		return
	}
	if note != "" {
		r.change("the pattern %q: %s", expr, note)
	}
	r.rule(rule)
}

// literalStart returns the literal at the start of every match.
func literalStart(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpConcat, syntax.OpCapture:
		return literalStart(re.Sub[0])
	}
	return ""
}
