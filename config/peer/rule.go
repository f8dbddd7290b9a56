package peer

import (
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// longest bounds what was unbounded in a foreign expression.
const maxRepeats = 100

// newRule makes a rule from a foreign regex.
func newRule(id, title, expr string, group int, keywords []string) (rule *patterns.Rule, note string, err error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, "", fmt.Errorf("its regex does not compile: %w", err)
	}
	if group > 1 {
		return nil, "", fmt.Errorf("the secret is its group %d; keyguard takes the first", group)
	}
	if boundRepeats(tree) {
		expr = tree.String()
		note = fmt.Sprintf("what had no end in its regex ends after %d repeats", maxRepeats)
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
		return nil, "", fmt.Errorf("keyguard needs keywords of four characters or more that the regex begins with or near; it has %s", strconv.Quote(strings.Join(keywords, " ")))
	}
	if _, err := patterns.NewSet(&patterns.File{Rules: []*patterns.Rule{rule}}); err != nil {
		return nil, "", err
	}
	return rule, note, nil
}

// bound gives what repeats without end one, and reports whether there was any.
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

// ruleID makes an id that keyguard takes.
func ruleID(id string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(id))
}
