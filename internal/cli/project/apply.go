package project

import (
	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// Apply drops the allowed findings of a result, and records the others for keyguard allow
// --last.
func (p *Policy) Apply(r *scanner.Result) {
	p.Allow.Apply(r)
	found := r.Findings[:0]
	for _, f := range r.Findings {
		if least := p.Config.MinSeverity; f.Severity < least {
			f.Drop = patterns.Drop{By: patterns.BySeverity, Text: "below severity " + least.String()}
			r.Dropped = append(r.Dropped, f)
			continue
		}
		if p.isBypassed(&f) {
			r.Dropped = append(r.Dropped, f)
			continue
		}
		p.remember(&f)
		found = append(found, f)
	}
	r.Findings = found
}

// Stale returns the allowances that have expired or are unused.
func (p *Policy) Stale(covered allow.Coverage) (out []report.Stale) {
	for _, s := range p.Allow.Stale(covered) {
		out = append(out, report.Stale{Place: s.Place, Problem: s.Problem, Reason: s.Reason})
	}
	return out
}

// Permits reports whether the configuration allows a finding.
func (p *Policy) Permits(f *scanner.Finding) bool {
	return p.Allow.List.Match(f) != nil
}
