package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// buildSet returns the built-in rules and those of the files, without disabled rules and
// with the configured severities.
func buildSet(files []*File) (*patterns.Set, error) {
	base, err := patterns.Builtin()
	if err != nil {
		return nil, err
	}
	b := &ruleSetBuilder{builtin: base, ids: base.IDs()}
	changed := false
	for _, f := range files {
		b.add(f)
		changed = changed || len(f.Rule)+len(f.Rules.Disable)+len(f.Rules.Enable)+len(f.Rules.Severity) > 0
	}
	for _, f := range files {
		b.references(f)
	}
	if err := errors.Join(b.errs...); err != nil || !changed {
		return base, err
	}
	return b.build(files)
}

// ruleSetBuilder collects the rules of a set.
type ruleSetBuilder struct {
	builtin *patterns.Set
	added   []*patterns.Rule
	ids     []string
	errs    []error
}

// add adds the rules of a file.
func (b *ruleSetBuilder) add(f *File) {
	p := &faultList{file: f}
	for i, r := range f.Rule {
		at := fmt.Sprintf("rule[%d]", i)
		if slices.Contains(b.ids, r.ID) {
			p.add(join(at, "id"), "rule %s already exists; IDs are unique, and built-in rules can be disabled but not replaced", r.ID)
			continue
		}
		if _, err := patterns.NewSet(&patterns.File{Rules: []*patterns.Rule{r}, Names: b.builtin.Names}); err != nil {
			p.add(at, "%v", err)
			continue
		}
		b.ids = append(b.ids, r.ID)
		b.added = append(b.added, r)
	}
	b.addFaults(p)
}

func (b *ruleSetBuilder) addFaults(p *faultList) {
	if err := p.err(); err != nil {
		b.errs = append(b.errs, err)
	}
}

// references checks that the rules that a file refers to exist.
func (b *ruleSetBuilder) references(f *File) {
	p := &faultList{file: f}
	check := func(path, id string) {
		if !slices.Contains(b.ids, id) {
			p.add(path, "unknown rule %q%s", id, suggest(id, b.ids))
		}
	}
	list := func(path string, ids []string) {
		for i, id := range ids {
			check(fmt.Sprintf("%s[%d]", path, i), id)
		}
	}
	list("rules.enable", f.Rules.Enable)
	list("rules.disable", f.Rules.Disable)
	for _, id := range slices.Sorted(maps.Keys(f.Rules.Severity)) {
		check("rules.severity."+id, id)
	}
	for i := range f.Allow {
		list(fmt.Sprintf("allow[%d].rules", i), f.Allow[i].Rules)
	}
	b.addFaults(p)
}

// build compiles the enabled rules. Rules are copied before they are changed.
func (b *ruleSetBuilder) build(files []*File) (*patterns.Set, error) {
	disabled := make(map[string]bool)
	severity := make(map[string]patterns.Severity)
	for _, f := range files {
		for _, id := range f.Rules.Disable {
			disabled[id] = true
		}
		for _, id := range f.Rules.Enable {
			delete(disabled, id)
		}
		maps.Copy(severity, f.Rules.Severity)
	}
	file := new(patterns.File)
	for _, r := range slices.Concat(b.builtin.Rules, b.added) {
		if disabled[r.ID] {
			continue
		}
		rule := *r
		if s, ok := severity[r.ID]; ok {
			rule.Severity = s
		}
		file.Rules = append(file.Rules, &rule)
	}
	if p := b.builtin.Pair; p != nil && !disabled[p.ID] {
		pair := *p
		if s, ok := severity[p.ID]; ok {
			pair.Severity = s
		}
		file.Pairs = append(file.Pairs, &pair)
	}
	if len(file.Rules) == 0 {
		return nil, fmt.Errorf("every rule is disabled: %s", strings.Join(b.ids, ", "))
	}
	return patterns.NewSet(file)
}
