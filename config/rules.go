package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// buildSet returns the built-in rules and the rules of files, without disabled rules and
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
		changed = changed || len(f.Rule)+len(f.Pair)+len(f.Rules.Disable)+len(f.Rules.Enable)+len(f.Rules.Only)+len(f.Rules.Severity) > 0 || f.Rules.Profile != nil
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
	pairs   []*patterns.Pair // added
	ids     []string
	errs    []error
}

// add adds the pairs and rules of a file.
func (b *ruleSetBuilder) add(f *File) {
	p := &faultList{file: f}
	for i, pair := range f.Pair {
		at := fmt.Sprintf("pair[%d]", i)
		if slices.Contains(b.ids, pair.ID) {
			p.add(join(at, "id"), "%s already exists; IDs are unique", pair.ID)
			continue
		}
		if _, err := patterns.NewSet(&patterns.File{Pairs: []*patterns.Pair{pair}}); err != nil {
			p.add(at, "%v", err)
			continue
		}
		b.ids = append(b.ids, pair.ID)
		b.pairs = append(b.pairs, pair)
	}
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
		matches := func(known string) bool { return patterns.MatchesID([]string{id}, known) }
		switch {
		case slices.ContainsFunc(b.ids, matches):
		case strings.Contains(id, "*"):
			p.add(path, "no rule matches %q", id)
		default:
			p.add(path, "unknown rule %q%s", id, suggest(id, b.ids))
		}
	}
	if name := f.Rules.Profile; name != nil && b.builtin.Profile(*name) == nil {
		p.add("rules.profile", "unknown profile %q (known: %s)", *name, strings.Join(b.profiles(), ", "))
	}
	list := func(path string, ids []string) {
		for i, id := range ids {
			check(fmt.Sprintf("%s[%d]", path, i), id)
		}
	}
	list("rules.only", f.Rules.Only)
	list("rules.enable", f.Rules.Enable)
	list("rules.disable", f.Rules.Disable)
	for _, id := range slices.Sorted(maps.Keys(f.Rules.Severity)) {
		check("rules.severity."+id, id)
	}
	for i, r := range f.Rule {
		isNamed := func(pair *patterns.Pair) bool { return pair.ID == r.Pair }
		if r.Pair != "" && !slices.ContainsFunc(b.allPairs(), isNamed) {
			p.add(fmt.Sprintf("rule[%d].pair", i), "unknown pair %q", r.Pair)
		}
	}
	for i := range f.Allow {
		list(fmt.Sprintf("allow[%d].rules", i), f.Allow[i].Rules)
	}
	b.addFaults(p)
}

// profiles returns the IDs of the profiles.
func (b *ruleSetBuilder) profiles() (ids []string) {
	for _, p := range b.builtin.Profiles {
		ids = append(ids, p.ID)
	}
	return ids
}

// selection decides which rules are enabled. Later files take precedence.
type selection struct {
	profile *patterns.Profile
	only    []string
	changes []change
}

// change enables or disables rules.
type change struct {
	ids    []string
	enable bool
}

func (b *ruleSetBuilder) selection(files []*File) (s selection) {
	s.profile = b.builtin.Profile(patterns.DefaultProfile)
	for _, f := range files {
		if f.Rules.Profile != nil {
			s.profile = b.builtin.Profile(*f.Rules.Profile)
		}
		if len(f.Rules.Only) > 0 {
			s.only = f.Rules.Only
		}
		s.changes = append(s.changes, change{f.Rules.Disable, false}, change{f.Rules.Enable, true})
	}
	return s
}

// enables reports whether a rule is enabled. Rules that are not built in are in every
// profile.
func (s *selection) enables(id string, builtin bool) bool {
	if len(s.only) > 0 {
		return patterns.MatchesID(s.only, id)
	}
	on := !builtin || s.profile.Includes(id)
	for _, c := range s.changes {
		if patterns.MatchesID(c.ids, id) {
			on = c.enable
		}
	}
	return on
}

// severities returns the configured severities by rule ID. In one file an ID takes
// precedence over a pattern.
func (b *ruleSetBuilder) severities(files []*File) map[string]patterns.Severity {
	out := make(map[string]patterns.Severity)
	for _, f := range files {
		ids := slices.Sorted(maps.Keys(f.Rules.Severity))
		slices.SortStableFunc(ids, func(a, b string) int { return strings.Count(b, "*") - strings.Count(a, "*") })
		for _, id := range ids {
			for _, known := range b.ids {
				if patterns.MatchesID([]string{id}, known) {
					out[known] = f.Rules.Severity[id]
				}
			}
		}
	}
	return out
}

// build returns the set of the enabled rules and pairs, with the configured severities.
func (b *ruleSetBuilder) build(files []*File) (*patterns.Set, error) {
	selected := b.selection(files)
	severity := b.severities(files)
	change := func(r *patterns.Rule) {
		if s, ok := severity[r.ID]; ok {
			r.Severity, r.When, r.InTests = s, nil, 0
		}
	}
	file := b.builtin.Select(func(id string) bool { return selected.enables(id, true) || b.isNeeded(&selected, id) }, change)
	for _, r := range b.added {
		if selected.enables(r.ID, false) || b.completes(&selected, r) {
			rule := *r
			change(&rule)
			file.Rules = append(file.Rules, &rule)
		}
	}
	for i, p := range b.allPairs() {
		if !selected.enables(p.ID, i < len(b.builtin.Pairs)) {
			continue
		}
		pair := *p
		if s, ok := severity[p.ID]; ok {
			pair.Severity = s
		}
		file.Pairs = append(file.Pairs, &pair)
	}
	set, err := patterns.NewSet(file)
	if err == nil && len(set.IDs()) == len(set.Pairs) {
		return nil, errors.New("every rule is disabled")
	}
	return set, err
}

// allPairs returns the built-in pairs, then the added ones.
func (b *ruleSetBuilder) allPairs() []*patterns.Pair { return slices.Concat(b.builtin.Pairs, b.pairs) }

// isNeeded reports whether a built-in rule finds parts of a pair that is selected without it.
func (b *ruleSetBuilder) isNeeded(selected *selection, id string) bool {
	if len(selected.only) == 0 {
		return false
	}
	r, err := b.builtin.Rule(id)
	return err == nil && b.completes(selected, r)
}

// completes reports whether a rule finds parts of a pair that is selected without it.
func (b *ruleSetBuilder) completes(selected *selection, r *patterns.Rule) bool {
	return len(selected.only) > 0 && slices.ContainsFunc(b.allPairs(), func(p *patterns.Pair) bool {
		return p.Owns(r) && selected.enables(p.ID, true)
	})
}
