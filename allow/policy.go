package allow

import (
	"fmt"
	"slices"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Policy is a team's decisions on findings, in the order in which they apply. The zero
// value applies marks only.
type Policy struct {
	// Excluded matches paths that are not scanned. Policy applies it to findings and
	// unread blobs of history only: elsewhere the path is known before the scan.
	Excluded Paths
	Inline   Inline
	List     *List
	Baseline *Baseline

	unusedMarks []Stale
}

// Apply moves allowed findings to the dropped ones, each with its reason. To report
// unused marks, Options.Watch of the scanner must contain Mark.
func (p *Policy) Apply(r *scanner.Result) {
	p.skipExcluded(r)
	found := r.Findings[:0]
	marks := make(map[int]bool) // by line
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
			p.unusedMarks = append(p.unusedMarks, Stale{Place: fmt.Sprintf("%s:%d", r.Origin.Path, w.Line), Problem: "unused " + w.Word, Reason: reason})
		}
	}
}

// skipExcluded turns a blob of history that was not unpacked into a skipped one if it is
// excluded. Its findings, if any, have results of their own.
func (p *Policy) skipExcluded(r *scanner.Result) {
	if r.Unpacked == nil || r.Origin.History == nil || p.Excluded == nil {
		return
	}
	if place := matchAll(p.Excluded, &r.Origin); place != "" {
		r.Unpacked, r.Err = nil, &scanner.Skipped{Path: r.Origin.Path, Reason: "excluded by " + place}
	}
}

// drop sets the reason if f is dropped, and returns the lines of the marks that were
// evaluated.
func (p *Policy) drop(f *scanner.Finding) (marks []int) {
	if f.Origin.History != nil && p.Excluded != nil {
		if place := matchAll(p.Excluded, &f.Origin); place != "" {
			f.Drop = patterns.Drop{By: patterns.ByPath, Text: "in an excluded path", Place: place}
			return nil
		}
	}
	if f.ApplyPaths(); !f.Drop.IsZero() {
		return nil
	}
	d := p.Inline.Decide(f)
	if f.Drop, f.Note = d.Drop, d.Note; !f.Drop.IsZero() {
		return d.Lines
	}
	if p.List != nil {
		if e := p.List.Match(f); e != nil {
			f.Drop = patterns.Drop{By: patterns.ByConfig, Text: "allowed by the configuration", Place: e.Place + ": " + e.Reason}
			return d.Lines
		}
	}
	if p.Baseline != nil {
		if k := p.Baseline.Match(f); k != nil {
			f.Drop = patterns.Drop{By: patterns.ByBaseline, Text: "in the baseline", Place: p.Baseline.Place(k) + ", " + k.Label.audited()}
		}
	}
	return d.Lines
}

// Reveals reports whether a finding may be allowed at path from and not at path to. All
// lines of a file that moves so are new.
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

// Coverage is the part of a repository that a scan covers. It decides which entries must
// have been used.
type Coverage int

// The coverages.
const (
	Partial     Coverage = iota // less than the others
	WorkingTree                 // the whole working tree
	AllHistory                  // all commits, including unreachable ones
)

// Stale is an entry or a mark that should be removed.
type Stale struct {
	Place   string // file:line
	Problem string // "unused", "expired on …"
	Reason  string // of the entry or mark; for a baseline, the rule and path
}

// Stale returns the expired entries and those that a scan with this coverage should have
// used and did not. Apply must have been called for all results before.
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
