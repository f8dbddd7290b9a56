package peer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/nesting"
)

// gitleaksFile is a .gitleaks.toml: with one allowlist before version 8.25, and several
// since.
type gitleaksFile struct {
	Title, Description, MinVersion string
	Extend                         struct {
		UseDefault    bool
		Path, URL     string
		DisabledRules []string
	}
	Allowlist  *gitleaksAllow
	Allowlists []gitleaksAllow
	Rules      []gitleaksRule
}

type gitleaksAllow struct {
	ID, Description, Condition, RegexTarget         string
	Commits, Paths, Regexes, StopWords, TargetRules []string
}

type gitleaksRule struct {
	ID, Description, Regex, Path string
	SecretGroup                  int
	Entropy                      float64
	Keywords, Tags               []string
	SkipReport                   bool
	Allowlist                    *gitleaksAllow
	Allowlists                   []gitleaksAllow
	Required                     []map[string]any
}

// Gitleaks reads a .gitleaks.toml.
func Gitleaks(name string, data []byte) (*Result, error) {
	if err := nesting.Check(string(data)); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var f gitleaksFile
	meta, err := toml.Decode(string(data), &f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := &Result{From: name}
	for _, key := range meta.Undecoded() {
		r.leave("unknown key %s", key)
	}
	if f.Extend.Path != "" || f.Extend.URL != "" {
		r.leave("extend of %s: import that file as well", f.Extend.Path+f.Extend.URL)
	}
	for _, id := range f.Extend.DisabledRules {
		if ours := builtinRules(id); len(ours) > 0 {
			r.leave("disabledRules %s: to disable its counterparts, add %s to rules.disable", id, strings.Join(ours, ", "))
		} else {
			r.leave("disabledRules %s: keyguard has no such rule", id)
		}
	}
	own := make(map[string]bool)
	for i := range f.Rules {
		r.gitleaksRule(&f.Rules[i], own)
	}
	global := f.Allowlists
	if f.Allowlist != nil {
		global = append(global, *f.Allowlist)
	}
	for i := range global {
		r.gitleaksAllow(&global[i], nil, own)
	}
	return r, nil
}

// gitleaksAllow imports an allowlist. In gitleaks one condition is enough unless the list
// has AND; in keyguard all conditions must be met. rules are the rules that the list
// applies to.
func (r *Result) gitleaksAllow(a *gitleaksAllow, rules []string, own map[string]bool) {
	for _, id := range a.TargetRules {
		switch {
		case own[id]:
			rules = append(rules, ruleID(id))
		case builtinRules(id) != nil:
			rules = append(rules, builtinRules(id)...)
		}
	}
	if len(a.TargetRules) > 0 && len(rules) == 0 {
		r.leave("the allowlist for %s: keyguard has no such rule", strings.Join(a.TargetRules, ", "))
		return
	}
	name := "an allowlist"
	if a.Description != "" {
		name = fmt.Sprintf("the allowlist %q", a.Description)
	}
	entry := config.Allow{Reason: a.Description, Rules: slices.Compact(slices.Sorted(slices.Values(rules)))}
	commits := r.commits(name, a.Commits)
	paths := r.regexes(name, a.Paths)
	regexes := r.regexes(name, a.Regexes)
	words := slices.DeleteFunc(slices.Clone(a.StopWords), func(w string) bool { return w == "" })
	target := allow.OnSecret
	switch a.RegexTarget {
	case "line":
		target = allow.OnLine
	case "match":
		target = allow.OnMatch
		if len(regexes) > 0 {
			r.change("%s: a match is any part of the credential, without the words around it", name)
		}
	}
	if strings.EqualFold(a.Condition, "AND") || a.Condition == "&&" {
		if len(paths) > 0 && len(regexes) > 0 {
			r.leave("%s: it joins paths and regexes; write its paths in gitignore syntax", name)
			return
		}
		entry.Commits, entry.Stopwords = commits, words
		if entry.Regexes = regexes; len(regexes) > 0 && target != allow.OnSecret {
			entry.Target = target
		}
		if len(paths) > 0 {
			entry.Regexes, entry.Target = paths, allow.OnPath
		}
		if len(commits)+len(paths)+len(regexes)+len(words) > 0 {
			r.allow(entry)
		}
		return
	}
	with := func(n int, set func(*config.Allow)) {
		if n > 0 {
			e := entry
			set(&e)
			r.allow(e)
		}
	}
	with(len(commits), func(e *config.Allow) { e.Commits = commits })
	with(len(paths), func(e *config.Allow) { e.Regexes, e.Target = paths, allow.OnPath })
	with(len(words), func(e *config.Allow) { e.Stopwords = words })
	with(len(regexes), func(e *config.Allow) {
		if e.Regexes = regexes; target != allow.OnSecret {
			e.Target = target
		}
	})
}

// gitleaksRule imports a rule and its allowlists.
func (r *Result) gitleaksRule(g *gitleaksRule, own map[string]bool) {
	lists := g.Allowlists
	if g.Allowlist != nil {
		lists = append(lists, *g.Allowlist)
	}
	rules := []string{ruleID(g.ID)}
	switch ours := builtinRules(g.ID); {
	case ours != nil:
		rules = ours
		if g.Regex != "" {
			r.leave("rule %s: keyguard's own %s replaces it", g.ID, ours[0])
		}
	case g.Regex == "":
		if g.Path != "" || len(lists) == 0 {
			r.leave("rule %s: it has no regex; keyguard scans content, not names", g.ID)
		} else {
			r.leave("the allowlists of rule %s: keyguard has no such rule", g.ID)
		}
		return
	default:
		rule, note, err := newRule(ruleID(g.ID), g.Description, g.Regex, g.SecretGroup, g.Keywords)
		if err != nil {
			r.leave("rule %s: %v", g.ID, err)
			return
		}
		rule.MinEntropy = g.Entropy
		own[g.ID] = true
		r.rule(rule)
		if note != "" {
			r.change("rule %s: %s", g.ID, note)
		}
		if g.Path != "" {
			r.change("rule %s: it applied to %s only", g.ID, g.Path)
		}
		if len(g.Required) > 0 || g.SkipReport {
			r.change("rule %s: required and skipReport are not carried over", g.ID)
		}
	}
	for i := range lists {
		r.gitleaksAllow(&lists[i], rules, own)
	}
}

// GitleaksIgnore reads a .gitleaksignore, with lines of commit:path:rule:line or
// path:rule:line. The fingerprints of keyguard's findings on these lines are allowed.
func GitleaksIgnore(name string, data []byte, look Lookup) (*Result, error) {
	r := &Result{From: name}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		commit, path, at, ok := fingerprintOfGitleaks(line)
		if !ok {
			r.leave("%s:%d: not a fingerprint of gitleaks", name, n)
			continue
		}
		found, err := look(commit, path)
		if err != nil {
			r.leave("%s:%d: %v", name, n, err)
			continue
		}
		hit := false
		for i := range found {
			if found[i].Span.Line <= at && at <= found[i].Span.EndLine || slices.ContainsFunc(found[i].Related, spansLine(at)) {
				r.allowFinding(&found[i], fmt.Sprintf("ignored in %s: %s", name, path))
				hit = true
			}
		}
		if !hit {
			r.leave("%s:%d: keyguard has no finding there", name, n)
		}
	}
	return r, nil
}

// fingerprintOfGitleaks splits a line from its end, as a path may contain colons.
func fingerprintOfGitleaks(line string) (commit, path string, at int, ok bool) {
	parts := strings.Split(line, ":")
	if len(parts) < 3 {
		return "", "", 0, false
	}
	at, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil {
		return "", "", 0, false
	}
	parts = parts[:len(parts)-2]
	if c := parts[0]; len(parts) > 1 && len(c) >= 40 && strings.Trim(c, "0123456789abcdef") == "" {
		return c, strings.Join(parts[1:], ":"), at, true
	}
	return "", strings.Join(parts, ":"), at, true
}
