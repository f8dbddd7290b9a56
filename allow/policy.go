package allow

import (
	"fmt"
	"slices"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Policy is all that a team says about findings, in the order in which it is
// asked. The zero value allows what marks allow.
type Policy struct {
	// Excluded are paths that are not scanned. They decide on findings and unread
	// blobs of history only: elsewhere the path is known before the scan.
	Excluded Paths
	Inline   Inline
	List     *List
	Baseline *Baseline

	unusedMarks []Stale
}

// Apply moves the findings that are allowed to the dropped ones, each with the
// reason. The scanner's Options.Watch must have Mark in it if marks that allow
// nothing are to be told as stale.
func (p *Policy) Apply(r *scanner.Result) {
	p.skipExcluded(r)
	found := r.Findings[:0]
	marks := make(map[int]bool) // by the lines that have one
	for _, f := range r.Findings {
		for _, line := range p.drop(&f) {
			marks[line] = true
		}
		if !f.Drop.IsZero() {
			r.Dropped = append(r.Dropped, f)
			continue
		}
		found = append(found, f)
	}
	r.Findings = found
	if _, text := p.Inline.excepts(r.Origin.Path); text {
		return
	}
	for _, w := range r.Watched {
		if reason, ok := MarkIn(w.Excerpt.Line().Reveal()); ok && !marks[w.Line] {
			marks[w.Line] = true
			p.unusedMarks = append(p.unusedMarks, Stale{Place: fmt.Sprintf("%s:%d", r.Origin.Path, w.Line), Problem: w.Word + " allows nothing", Reason: reason})
		}
	}
}

// leaveOut makes a skipped one of a blob of history that was not unpacked, if it is
// excluded. Its findings, if any, have results of their own.
func (p *Policy) skipExcluded(r *scanner.Result) {
	if r.Unpacked == nil || r.Origin.History == nil || p.Excluded == nil {
		return
	}
	if place := matchAll(p.Excluded, &r.Origin); place != "" {
		r.Unpacked, r.Err = nil, &scanner.Skipped{Path: r.Origin.Path, Reason: "excluded by " + place}
	}
}

// judge sets why f is dropped, if it is, and returns the lines of the marks that were
// looked at.
func (p *Policy) drop(f *scanner.Finding) (marks []int) {
	if f.Origin.History != nil && p.Excluded != nil {
		if place := matchAll(p.Excluded, &f.Origin); place != "" {
			f.Drop = patterns.Drop{By: patterns.ByPath, Text: "in an excluded path", Place: place}
			return nil
		}
	}
	j := p.Inline.Decide(f)
	if f.Drop, f.Note = j.Drop, j.Note; !f.Drop.IsZero() {
		return j.Lines
	}
	if p.List != nil {
		if e := p.List.Match(f); e != nil {
			f.Drop = patterns.Drop{By: patterns.ByConfig, Text: "allowed by the configuration", Place: e.Place + ": " + e.Reason}
			return j.Lines
		}
	}
	if p.Baseline != nil {
		if k := p.Baseline.Match(f); k != nil {
			f.Drop = patterns.Drop{By: patterns.ByBaseline, Text: "in the baseline", Place: p.Baseline.Place(k) + ", " + k.Label.audited()}
		}
	}
	return j.Lines
}

// Reveals reports whether a finding may be allowed at one path that is not at another:
// a file that is moved there is as good as new.
func (p *Policy) Reveals(from, to string) bool {
	leaves := func(paths Paths) bool {
		if paths == nil {
			return false
		}
		_, before := paths.Match(from)
		_, after := paths.Match(to)
		return before && !after
	}
	if _, text := p.Inline.excepts(to); text {
		if _, before := p.Inline.excepts(from); !before {
			return true
		}
	}
	return leaves(p.Excluded) || p.List != nil && p.List.anyPaths(leaves)
}

// Coverage is what was scanned, as far as it decides which entries should have
// been of use.
type Coverage int

// What was scanned.
const (
	Partial     Coverage = iota // less than these
	WorkingTree                 // all of it
	AllHistory                  // that of commits which no ref reaches, too
)

// Stale is an entry or a mark that should be removed.
type Stale struct {
	Place   string // file:line
	Problem string // why: it expired, it allows nothing
	Reason  string // that it gives for what it allows; of a baseline, what it is about
}

// Stale returns what has expired, and what a scan of that much should have used
// and did not. Results must have been applied before.
func (p *Policy) Stale(covered Coverage) []Stale {
	out := slices.Clone(p.unusedMarks)
	if p.List != nil {
		for _, e := range p.List.Expired() {
			out = append(out, Stale{e.Place, "expired on " + e.Expires.AddDate(0, 0, -1).Format("2006-01-02"), e.Reason})
		}
	}
	if covered == Partial {
		return out
	}
	if p.List != nil {
		for _, e := range p.List.Unused() {
			if len(e.Commits) == 0 || covered == AllHistory {
				out = append(out, Stale{e.Place, "unused", e.Reason})
			}
		}
	}
	if b := p.Baseline; b != nil && b.History == (covered == AllHistory) {
		for _, k := range b.Unused() {
			out = append(out, Stale{b.Place(k), "no longer occurs", k.Rule + " " + k.Path})
		}
	}
	return out
}
