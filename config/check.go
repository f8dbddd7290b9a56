package config

import (
	"fmt"
	"reflect"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/source"
)

// unknownKeys reports every occurrence of unknown keys. Keys below an unknown table are
// not reported again.
func (p *faultList) unknownKeys(keys []toml.Key) {
	unknown := make(map[string]toml.Key)
	for _, k := range keys {
		if len(k) == 1 || unknown[toml.Key(k[:len(k)-1]).String()] == nil {
			unknown[k.String()] = k
		}
	}
	if len(unknown) == 0 {
		return
	}
	for _, path := range p.file.sortedPaths() {
		if len(p.errs) >= maxFault {
			return
		}
		k := unknown[plainPath(path)]
		if k == nil || strings.HasSuffix(path, "]") && len(k) > 1 || len(k) > 1 && unknown[toml.Key(k[:len(k)-1]).String()] != nil {
			continue
		}
		name := k[len(k)-1]
		p.add(path, "unknown key %q%s", name, suggest(name, keysAt(reflect.TypeFor[File](), k[:len(k)-1])))
	}
}

// keysAt returns the known keys of a table.
func keysAt(t reflect.Type, path toml.Key) []string {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for i := range t.NumField() {
		key := t.Field(i).Tag.Get("toml")
		if key == "" {
			continue
		}
		if len(path) > 0 && key == path[0] {
			return keysAt(t.Field(i).Type, path[1:])
		}
		out = append(out, key)
	}
	if len(path) > 0 {
		return nil
	}
	return out
}

func (p *faultList) scanTable() {
	p.ignorePatterns("scan.exclude", p.file.Scan.Exclude)
	p.ignorePatterns("inline.except", p.file.Inline.Except)
	if j := p.file.Scan.Jobs; j != nil && *j < 0 {
		p.add("scan.jobs", "the number of workers must not be negative")
	}
}

func (p *faultList) ignorePatterns(path string, list []string) {
	for i, text := range list {
		if _, err := source.NewIgnore("the pattern", []string{text}); err != nil {
			p.add(fmt.Sprintf("%s[%d]", path, i), "%v", err)
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			p.add(fmt.Sprintf("%s[%d]", path, i), "this pattern cannot match")
		}
	}
}

// allowEntry checks an entry of the allowlist.
func (p *faultList) allowEntry(i int) {
	a, at := &p.file.Allow[i], fmt.Sprintf("allow[%d]", i)
	if strings.TrimSpace(a.Reason) == "" {
		p.add(join(at, "reason"), "missing reason: reason = \"…\"")
	}
	if len(a.Paths)+len(a.Rules)+len(a.Regexes)+len(a.Stopwords)+len(a.Commits)+len(a.Accounts)+len(a.Fingerprints) == 0 {
		p.add(at, "an entry without a condition would allow everything; conditions are paths, rules, regexes, stopwords, commits, accounts and fingerprints")
	}
	if targets := []string{string(allow.OnSecret), string(allow.OnMatch), string(allow.OnLine), string(allow.OnPath)}; a.Target != "" && !slices.Contains(targets, string(a.Target)) {
		p.add(join(at, "target"), "unknown target %q (known: %s)%s", a.Target, strings.Join(targets, ", "), suggest(string(a.Target), targets))
	}
	p.ignorePatterns(join(at, "paths"), a.Paths)
	for k, expr := range a.Regexes {
		p.regex(fmt.Sprintf("%s.regexes[%d]", at, k), expr)
	}
	each := func(key string, list []string, ok func(string) bool, want string) {
		for k, s := range list {
			if !ok(s) {
				p.add(fmt.Sprintf("%s.%s[%d]", at, key, k), "%s", want)
			}
		}
	}
	each("stopwords", a.Stopwords, func(s string) bool { return s != "" }, "an empty word is in every secret")
	each("commits", a.Commits, func(s string) bool { return len(s) >= 7 && strings.Trim(s, "0123456789abcdef") == "" }, "a commit ID has at least 7 digits, in lower case")
	each("accounts", a.Accounts, func(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }, "an account ID has 12 digits")
	each("fingerprints", a.Fingerprints, allow.IsFingerprint, "a fingerprint has 32 digits of 0-9 and a-f")
}

func (p *faultList) regex(path, expr string) {
	if len(expr) > MaxRegex {
		p.add(path, "a regular expression of %d bytes exceeds the limit of %d", len(expr), MaxRegex)
		return
	}
	if expr == "" {
		p.add(path, "an empty regular expression matches everything")
	}
	if _, err := syntax.Parse(expr, syntax.Perl); err != nil {
		p.add(path, "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
}

// rule checks the sizes of a rule's strings. Other faults are found when the rule is
// compiled.
func (p *faultList) rule(i int) {
	r, at := p.file.Rule[i], fmt.Sprintf("rule[%d]", i)
	for t, k := reflect.TypeFor[patterns.Rule](), 0; k < t.NumField(); k++ {
		key, text := t.Field(k).Tag.Get("toml"), reflect.ValueOf(*r).Field(k)
		if key != "" && text.Kind() == reflect.String && text.Len() > MaxRegex {
			p.add(join(at, key), "%d bytes exceed the limit of %d", text.Len(), MaxRegex)
		}
	}
	if r.ID == "" {
		p.add(at, "missing id")
	}
	if strings.ContainsFunc(r.ID, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }) {
		p.add(join(at, "id"), "an ID must not contain blanks, which separate the fields of a baseline")
	}
}
