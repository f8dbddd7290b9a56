package report

import (
	"fmt"
	"slices"
)

// Merge merges reports, such as the shards of a scan; it must get at least one.
// Equal findings become one, and the strictest FailOn applies. The result is incomplete if any report is. Paths are
// relative to the top of the repository unless all reports have the same Repository.
func Merge(reports []*Report) *Report {
	out := &Report{Summary: Summary{Dropped: make(map[string]int)}}
	same := sameRepository(reports)
	known := make(map[string]int) // in out.Findings
	for i, r := range reports {
		if i == 0 {
			out.Version, out.Repository = r.Version, r.Repository
		}
		for _, f := range r.Findings {
			if !same && f.Path != "" {
				f.Path = f.fromTop(r.Repository)
			}
			at, ok := known[f.identity()]
			if ok {
				out.Findings[at].join(&f)
				continue
			}
			known[f.identity()] = len(out.Findings)
			out.Findings = append(out.Findings, f)
		}
		out.Summary.add(&r.Summary)
		if i == 0 || r.Summary.FailOn < out.Summary.FailOn {
			out.Summary.FailOn = r.Summary.FailOn
		}
	}
	if !same {
		out.Repository = nil
	}
	out.Summary.Skipped = unique(out.Summary.Skipped)
	out.Summary.Stale = staleEverywhere(reports)
	out.Summary.StaleFails = out.Summary.StaleFails && len(out.Summary.Stale) > 0
	out.recount()
	return out
}

func sameRepository(reports []*Report) bool {
	for _, r := range reports {
		a, b := r.Repository, reports[0].Repository
		if (a == nil) != (b == nil) || a != nil && *a != *b {
			return false
		}
	}
	return true
}

// identity is equal for equal findings. In history a credential is one finding at all its
// paths; in files it is one per file.
func (f *Finding) identity() string {
	if f.History != nil {
		return "history\x00" + f.Fingerprint + "\x00" + f.Dropped
	}
	return "file\x00" + f.Fingerprint + "\x00" + f.Dropped + "\x00" + f.Path
}

// join adds the provenance of an equal finding. The earlier of two commits introduced it.
// If both name one commit, the report that contains the commit's parents is right.
func (f *Finding) join(other *Finding) {
	if f.History == nil { // nor has other: their identities are equal
		return
	}
	first, second := *f, *other
	d := second.Date
	if d != "" && (first.Date == "" || d < first.Date) || first.Commit == second.Commit && first.AtOrBefore && !second.AtOrBefore {
		first, second = second, first
	}
	h, o := *first.History, second.History
	h.Reachable, h.InHead, h.Commits = h.Reachable || o.Reachable, h.InHead || o.InHead, max(h.Commits, o.Commits)
	paths := slices.Concat(h.Paths, o.Paths, []string{second.Path})
	h.Paths = slices.DeleteFunc(union(paths), func(p string) bool { return p == first.Path || p == "" })
	h.Branches, h.Tags = union(slices.Concat(h.Branches, o.Branches)), union(slices.Concat(h.Tags, o.Tags))
	if o.RemovedDate > h.RemovedDate {
		h.Removed, h.RemovedDate = o.Removed, o.RemovedDate
	}
	if h.InHead {
		h.Removed, h.RemovedDate = "", ""
	}
	first.History = &h
	*f = first
}

// union returns the sorted names without duplicates.
func union(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// unique returns the first occurrence of each item.
func unique[T comparable](list []T) (out []T) {
	known := make(map[T]bool, len(list))
	for _, item := range list {
		if !known[item] {
			known[item] = true
			out = append(out, item)
		}
	}
	return out
}

// staleEverywhere returns the entries that are stale in all reports.
func staleEverywhere(reports []*Report) (out []Stale) {
	count := make(map[Stale]int) // of reports
	for _, r := range reports {
		for _, entry := range unique(r.Summary.Stale) {
			count[entry]++
		}
	}
	for _, entry := range unique(reports[0].Summary.Stale) {
		if count[entry] == len(reports) {
			out = append(out, entry)
		}
	}
	return out
}

// Diff is the difference between two reports. Credentials are compared by fingerprint,
// not by location.
type Diff struct {
	New, Gone []Finding
	Same      int // credentials
}

// Compare returns the difference. Dropped findings are ignored.
func Compare(before, after *Report) Diff {
	var d Diff
	old, now := before.fingerprints(), after.fingerprints()
	same := make(map[string]bool)
	for _, f := range after.Findings {
		switch {
		case f.Dropped != "":
		case f.isIn(old):
			same[f.Fingerprint] = true
		default:
			d.New = append(d.New, f)
		}
	}
	for _, f := range before.Findings {
		if f.Dropped == "" && !f.isIn(now) {
			d.Gone = append(d.Gone, f)
		}
	}
	d.Same = len(same)
	return d
}

// isIn reports whether the finding, or the one that a former rule found, is in a set of
// fingerprints.
func (f *Finding) isIn(fingerprints map[string]bool) bool {
	return fingerprints[f.Fingerprint] || slices.ContainsFunc(f.Former, func(former string) bool { return fingerprints[former] })
}

// fingerprints returns the fingerprints of the findings, former ones included.
func (r *Report) fingerprints() map[string]bool {
	out := make(map[string]bool)
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Dropped == "" {
			out[f.Fingerprint] = true
			for _, former := range f.Former {
				out[former] = true
			}
		}
	}
	return out
}

// String returns the counts.
func (d Diff) String() string {
	return fmt.Sprintf("%d new, %d gone, %d the same", len(d.New), len(d.Gone), d.Same)
}
