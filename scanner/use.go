package scanner

import (
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// Use is one location in a blob where a credential is used, with all of its parts or with
// one of them.
type Use struct {
	Number int
	Parts  []Part // the finding's secret first, if the use has it
}

// Uses returns the uses that count, the finding's own first.
func (f *Finding) Uses() []Use {
	all := []Use{{Parts: []Part{f.own()}}}
	at := map[int]int{0: 0} // indexes into all
	for _, p := range f.Related {
		if p.Old {
			continue
		}
		i, ok := at[p.Use]
		if !ok {
			i = len(all)
			at[p.Use] = i
			all = append(all, Use{Number: p.Use})
		}
		u := &all[i]
		u.Parts = append(u.Parts, p)
		if last := len(u.Parts) - 1; string(p.Secret) == string(f.Secret) && string(u.Parts[0].Secret) != string(f.Secret) {
			u.Parts[0], u.Parts[last] = u.Parts[last], u.Parts[0]
		}
	}
	return all
}

// GrantsAccess reports whether the use has a secret part: the others alone grant nothing.
func (u Use) GrantsAccess() bool {
	return slices.ContainsFunc(u.Parts, func(p Part) bool { return !p.Kind.IsPublic() })
}

// own returns the part at the Span of the finding.
func (f *Finding) own() Part {
	p := Part{RuleID: f.RuleID, Kind: f.Kind, Span: f.Span, Secret: f.Secret, Excerpt: f.Excerpt}
	if f.Kind == patterns.KeyPair && f.rule != nil {
		p.RuleID, p.Kind = f.rule.ID, f.rule.Kind
	}
	return p
}

// MoveTo makes u the finding's own use.
func (f *Finding) MoveTo(u Use) {
	if u.Number == 0 {
		return
	}
	before := f.own()
	before.Use = u.Number
	main := u.Parts[0]
	f.Span, f.Excerpt = main.Span, main.Excerpt
	related := slices.Clone(u.Parts[1:])
	for i := range related {
		related[i].Use = 0
	}
	for _, p := range f.Related {
		switch p.Use {
		case u.Number:
			continue
		case 0:
			p.Use = u.Number
		}
		related = append(related, p)
	}
	f.Related = append(related, before)
}

// isOn reports whether any part of the use is on one of the lines.
func (u *Use) isOn(lines Lines) bool {
	return slices.ContainsFunc(u.Parts, func(p Part) bool { return p.isOn(lines) })
}

func (p *Part) isOn(lines Lines) bool { return lines.Touch(p.Span.Line, p.Span.EndLine) }

// Narrow marks the uses that are not on one of the lines as old, and moves the finding to
// the first of the others. It returns false if no use is on one of the lines. A finding
// in an archive has no lines of its own, and is on any line.
func (f *Finding) Narrow(lines Lines) bool {
	if f.DecodedFrom.Member != "" {
		return len(lines) > 0
	}
	old := make(map[int]bool)
	var first *Use
	uses := f.Uses()
	for i := range uses {
		u := &uses[i]
		if !u.isOn(lines) {
			old[u.Number] = true
		} else if first == nil || u.before(first, lines) {
			first = u
		}
	}
	if first == nil {
		return false
	}
	f.MoveTo(*first)
	f.markOld(old, first.Number)
	return true
}

// before reports whether a finding on these lines should move to u rather than to another
// use: to a use whose secret is on them, then to the first.
func (u *Use) before(other *Use, lines Lines) bool {
	if a, b := u.Parts[0].isOn(lines), other.Parts[0].isOn(lines); a != b {
		return a
	}
	return u.Parts[0].Span.Start < other.Parts[0].Span.Start
}

// markOld marks the parts of old uses, which were numbered before use moved became 0.
func (f *Finding) markOld(old map[int]bool, moved int) {
	f.Related = slices.Clone(f.Related)
	for i := range f.Related {
		p := &f.Related[i]
		number := p.Use
		if number == moved {
			number = 0
		}
		p.Old = p.Use != 0 && (p.Old || old[number])
	}
}
