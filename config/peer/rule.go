package peer

import (
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// maxRepeats replaces the upper limit of unlimited repeats in imported expressions.
const maxRepeats = 100

// newRule returns a rule for an imported expression, with a note if it was changed.
func newRule(id, title, expr string, group int, keywords []string) (rule *patterns.Rule, note string, err error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, "", fmt.Errorf("its regex does not compile: %w", err)
	}
	if group > 1 {
		return nil, "", fmt.Errorf("its secret is group %d; keyguard supports only the first", group)
	}
	if boundRepeats(tree) {
		expr = tree.String()
		note = fmt.Sprintf("unlimited repeats in its regex are limited to %d", maxRepeats)
	}
	if title == "" {
		title = id
	}
	rule = &patterns.Rule{ID: id, Title: title, Kind: patterns.APIKey, Severity: patterns.High, Regex: expr, IgnoreCase: true, Before: 200}
	for _, k := range keywords {
		if len(k) >= 4 {
			rule.Keywords = append(rule.Keywords, k)
		}
	}
	if len(rule.Keywords) == 0 || len(rule.Keywords) < len(keywords) {
		return nil, "", fmt.Errorf("keyguard needs keywords of at least four characters at or near the start of the regex; it has %s", strconv.Quote(strings.Join(keywords, " ")))
	}
	if _, err := patterns.NewSet(&patterns.File{Rules: []*patterns.Rule{rule}}); err != nil {
		return nil, "", err
	}
	return rule, note, nil
}

// boundRepeats limits unlimited repeats, and reports whether re had any.
func boundRepeats(re *syntax.Regexp) bool {
	changed := false
	switch {
	case re.Op == syntax.OpStar:
		re.Op, re.Min, re.Max, changed = syntax.OpRepeat, 0, maxRepeats, true
	case re.Op == syntax.OpPlus:
		re.Op, re.Min, re.Max, changed = syntax.OpRepeat, 1, maxRepeats, true
	case re.Op == syntax.OpRepeat && re.Max < 0:
		re.Max, changed = max(re.Min, maxRepeats), true
	}
	for _, sub := range re.Sub {
		changed = boundRepeats(sub) || changed
	}
	return changed
}

// ruleID returns an ID that is valid for keyguard.
func ruleID(id string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(id))
}
