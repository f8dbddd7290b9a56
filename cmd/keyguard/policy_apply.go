package main

import (
	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// apply drops the findings that are allowed, and notes those that are left.
func (p *policy) apply(r *scanner.Result) {
	p.allow.Apply(r)
	found := r.Findings[:0]
	for _, f := range r.Findings {
		if p.letThrough(&f) {
			r.Dropped = append(r.Dropped, f)
			continue
		}
		p.remember(&f)
		found = append(found, f)
	}
	r.Findings = found
}

// stale lists what should be removed from allowlists, baseline and files.
func (p *policy) stale(covered allow.Coverage) (out []report.Stale) {
	for _, s := range p.allow.Stale(covered) {
		out = append(out, report.Stale{Place: s.Place, Problem: s.Problem, Reason: s.Reason})
	}
	return out
}

// covers tells how much a scan covers.
func (f *scanFlags) covers(t *top) allow.Coverage {
	h := &f.history
	switch {
	case h.all && h.since == "" && len(h.branches) == 0 && !h.reachableOnly:
		return allow.AllHistory
	case f.target() == targetFiles && len(f.paths) == 0 && (f.dir == t.dir || f.dir == "" && t.here == t.dir):
		return allow.WorkingTree
	}
	return allow.Partial
}
