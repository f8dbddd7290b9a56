package report

import "github.com/keyguard/keyguard/patterns"

// Report is a report that was read.
type Report struct {
	Version    string // of keyguard
	Repository *Repository
	Findings   []Finding // with dropped ones, if the report contains them
	Summary    Summary

	revealed bool // it may contain secrets
	format   int  // see reportFormat
}

// count returns the number of reported findings, and of those among them that are below
// the summary's FailOn. The summary's own counts do not matter.
func (r *Report) count() (findings, below int) {
	for i := range r.Findings {
		if r.Findings[i].Dropped != "" {
			continue
		}
		findings++
		if r.Findings[i].Severity < r.Summary.FailOn {
			below++
		}
	}
	return findings, below
}

// SetFailOn sets the lowest severity that fails the scan.
func (r *Report) SetFailOn(least patterns.Severity) {
	r.Summary.FailOn = least
	r.recount()
}

// recount sets the summary's counts of findings.
func (r *Report) recount() { r.Summary.Findings, r.Summary.Below = r.count() }

// Write writes the report to w: the findings of one blob at a time, as the scan wrote
// them, and the summary.
func (r *Report) Write(w Writer) error {
	if err := w.Begin(); err != nil {
		return err
	}
	for start := 0; start < len(r.Findings); {
		end := start + 1
		for end < len(r.Findings) && end-start < maxPart && r.Findings[end].sameBlob(&r.Findings[start]) {
			end++
		}
		if err := w.Findings(r.Findings[start:end]); err != nil {
			return err
		}
		start = end
	}
	return w.End(r.Summary)
}

// sameBlob reports whether adjacent findings are of one blob, in which dropped ones come
// last.
func (f *Finding) sameBlob(first *Finding) bool {
	return f.Path == first.Path && f.Object == first.Object && (f.Dropped != "" || first.Dropped == "")
}
