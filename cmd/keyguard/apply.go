package main

import (
	"fmt"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// apply moves the findings that are allowed to the dropped ones.
func (p *policy) apply(r *scanner.Result) {
	found := r.Findings[:0]
	marks := make(map[int]bool) // by the lines that have one
	for _, f := range r.Findings {
		if marks[p.judge(&f)] = true; f.Drop != "" {
			r.Dropped = append(r.Dropped, f)
			continue
		}
		p.remember(&f)
		found = append(found, f)
	}
	r.Findings = found
	for _, w := range r.Watched {
		if reason, ok := allow.Stands(w.Excerpt.Line().Reveal()); ok && !marks[w.Line] {
			marks[w.Line] = true
			p.idle = append(p.idle, report.Stale{Place: fmt.Sprintf("%s:%d", r.Origin.Path, w.Line), Problem: w.Word + " allows nothing", Reason: reason})
		}
	}
}

// judge asks, in this order: the excluded paths, if that could not be asked
// before the scan; marks in the file; the allowlist; the baseline. It returns
// the line of a mark that there is.
func (p *policy) judge(f *scanner.Finding) (marked int) {
	if f.Origin.History != nil {
		if place := allow.Everywhere(placed{p.ignore, p}, f); place != "" {
			f.Drop, f.DropBy = "in an excluded path", place
			return 0
		}
	}
	if p.letThrough(f) {
		return 0
	}
	j := p.config.Inline.Judge(f)
	if f.Drop, f.DropBy, f.Note = j.Drop, j.By, j.Note; f.Drop != "" {
		return j.Line
	}
	if e := p.list.Match(f); e != nil {
		f.Drop, f.DropBy = "allowed by the configuration", e.Place+": "+e.Reason
		return j.Line
	}
	if k := p.baseline.Match(f); k != nil {
		f.Drop, f.DropBy = "in the baseline", p.baseline.Place(k)+labelled(k.Label)
	}
	return j.Line
}

func labelled(l allow.Label) string {
	switch l {
	case allow.Leak:
		return ", audited: a leak"
	case allow.FalseAlarm:
		return ", audited: a false alarm"
	}
	return ", not audited"
}

// coverage is what a scan covered, as far as it decides which entries should
// have been of use.
type coverage int

const (
	someFiles coverage = iota
	workTree           // all of it
	allHistory
)

// covers tells how much a scan covers.
func (f *scanFlags) covers(t *top) coverage {
	h := &f.history
	switch {
	case h.all && h.since == "" && len(h.branches) == 0 && !h.reachableOnly:
		return allHistory
	case f.target() == targetFiles && len(f.paths) == 0 && (f.dir == t.dir || f.dir == "" && t.here == t.dir):
		return workTree
	}
	return someFiles
}

// stale lists the entries that have expired and those that a scan of that much
// should have used but did not.
func (p *policy) stale(covered coverage) []report.Stale {
	out := p.idle
	for _, e := range p.list.Expired() {
		out = append(out, report.Stale{Place: e.Place, Problem: "expired on " + e.Expires.AddDate(0, 0, -1).Format("2006-01-02"), Reason: e.Reason})
	}
	if covered == someFiles {
		return out
	}
	for _, e := range p.list.Unused() {
		if len(e.Commits) == 0 || covered == allHistory {
			out = append(out, report.Stale{Place: e.Place, Problem: "unused", Reason: e.Reason})
		}
	}
	if p.baseline.History == (covered == allHistory) {
		for _, k := range p.baseline.Unused() {
			out = append(out, report.Stale{Place: p.baseline.Place(k), Problem: "no longer occurs", Reason: fmt.Sprintf("%s %s", k.Rule, k.Path)})
		}
	}
	return out
}
