package peer

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Result is an imported configuration.
type Result struct {
	From    string // name of the imported file
	Rules   []*patterns.Rule
	Allow   []config.Allow
	Known   []Known  // findings of a baseline
	Left    []string // parts that could not be imported, with the reason
	Changed []string // parts that were imported with a different meaning
}

// Known is a finding in the baseline of another scanner.
type Known struct {
	Finding scanner.Finding
	Label   allow.Label
}

// Lookup returns the findings in a file of a commit or, if commit is empty, of the
// working tree.
type Lookup func(commit, path string) ([]scanner.Finding, error)

func (r *Result) leave(format string, args ...any) {
	r.Left = append(r.Left, fmt.Sprintf(format, args...))
}

func (r *Result) change(format string, args ...any) {
	r.Changed = append(r.Changed, fmt.Sprintf(format, args...))
}

// rule adds a rule under a unique ID.
func (r *Result) rule(rule *patterns.Rule) {
	id := rule.ID
	for n := 2; slices.ContainsFunc(r.Rules, func(o *patterns.Rule) bool { return o.ID == rule.ID }); n++ {
		rule.ID = fmt.Sprintf("%s-%d", id, n)
	}
	r.Rules = append(r.Rules, rule)
}

// allow adds an allowlist entry.
func (r *Result) allow(a config.Allow) {
	if a.Reason == "" {
		a.Reason = "imported from " + r.From
	}
	r.Allow = append(r.Allow, a)
}

// allowFinding adds an entry for one finding, unless it has one.
func (r *Result) allowFinding(f *scanner.Finding, reason string) {
	fp := f.Fingerprint()
	if !slices.ContainsFunc(r.Allow, func(a config.Allow) bool { return slices.Contains(a.Fingerprints, fp) }) {
		r.allow(config.Allow{Fingerprints: []string{fp}, Reason: reason})
	}
}

// TOML returns the entries and rules as text for a configuration file.
func (r *Result) TOML() string {
	var b strings.Builder
	for _, a := range r.Allow {
		b.WriteString("\n[[allow]]\n")
		pair(&b, "reason", a.Reason)
		list(&b, "paths", a.Paths)
		list(&b, "rules", a.Rules)
		list(&b, "regexes", a.Regexes)
		pair(&b, "target", string(a.Target))
		list(&b, "stopwords", a.Stopwords)
		list(&b, "commits", a.Commits)
		list(&b, "fingerprints", a.Fingerprints)
	}
	for _, rule := range r.Rules {
		b.WriteString("\n[[rule]]\n")
		pair(&b, "id", rule.ID)
		pair(&b, "title", rule.Title)
		pair(&b, "kind", string(rule.Kind))
		pair(&b, "severity", rule.Severity.String())
		list(&b, "keywords", rule.Keywords)
		if rule.IgnoreCase {
			b.WriteString("ignore_case = true\n")
		}
		if rule.Before > 0 {
			fmt.Fprintf(&b, "before = %d\n", rule.Before)
		}
		pair(&b, "regex", rule.Regex)
		if rule.MinEntropy > 0 {
			fmt.Fprintf(&b, "entropy = %.2f\n", rule.MinEntropy)
		}
	}
	return b.String()
}

func pair(b *strings.Builder, key, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s = %s\n", key, text(value))
	}
}

func list(b *strings.Builder, key string, values []string) {
	switch len(values) {
	case 0:
	case 1:
		fmt.Fprintf(b, "%s = [%s]\n", key, text(values[0]))
	default:
		fmt.Fprintf(b, "%s = [\n", key)
		for _, v := range values {
			fmt.Fprintf(b, "  %s,\n", text(v))
		}
		b.WriteString("]\n")
	}
}

// text returns s as a TOML string, as a literal string if that is easier to read.
func text(s string) string {
	if strings.Contains(s, `\`) && !strings.ContainsAny(s, "'\r\n\t\x00") {
		return "'" + s + "'"
	}
	return config.Quote(s)
}

func spansLine(n int) func(scanner.Part) bool {
	return func(p scanner.Part) bool { return p.Span.Line <= n && n <= p.Span.EndLine }
}

func (r *Result) regexes(name string, list []string) []string {
	var out []string
	for _, expr := range list {
		if _, err := syntax.Parse(expr, syntax.Perl); err != nil || expr == "" || len(expr) > config.MaxRegex {
			r.leave("%s: the regex %q does not compile", name, expr)
			continue
		}
		out = append(out, expr)
	}
	return out
}

func (r *Result) commits(name string, list []string) []string {
	var out []string
	for _, c := range list {
		if c = strings.ToLower(c); len(c) < 7 || strings.Trim(c, "0123456789abcdef") != "" {
			r.leave("%s: %q is not a commit ID", name, c)
			continue
		}
		out = append(out, c)
	}
	return out
}
