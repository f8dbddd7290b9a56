package report

// Report is a report that was read.
type Report struct {
	Version    string // of the keyguard that wrote it
	Repository *Repository
	Findings   []Finding // those that were dropped, too, if it has them
	Summary    Summary

	revealed bool // it may show secrets
}

// count returns how many findings there are, whatever the summary says.
func (r *Report) count() (n int) {
	for i := range r.Findings {
		if r.Findings[i].Dropped == "" {
			n++
		}
	}
	return n
}

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

// sameBlob reports whether two findings that follow each other came from one
// blob: what was dropped comes last there.
func (f *Finding) sameBlob(first *Finding) bool {
	return f.Path == first.Path && f.Object == first.Object && (f.Dropped != "" || first.Dropped == "")
}
