package report_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// digits returns a fingerprint made of one digit.
func digits(digit string) string { return strings.Repeat(digit, scanner.FingerprintLen) }

// file returns a finding in a file.
func file(digit, path string) report.Finding {
	return report.Finding{RuleID: "aws-key-pair", Kind: patterns.KeyPair, Fingerprint: digits(digit), Path: path}
}

// past returns a finding in history.
func past(digit, path string, h report.History) report.Finding {
	f := file(digit, path)
	f.History = &h
	return f
}

func withDrop(f report.Finding, reason string) report.Finding {
	f.Dropped = reason
	return f
}

func holding(list ...report.Finding) *report.Report { return &report.Report{Findings: list} }

// described returns a finding as text: the fields that merging decides on.
func described(f report.Finding) string {
	out := f.Fingerprint[:1] + " " + f.Path
	if f.Dropped != "" {
		out += " dropped: " + f.Dropped
	}
	if h := f.History; h != nil {
		out += fmt.Sprintf(" %s %s", h.Commit, h.Date)
	}
	return out
}

func allDescribed(list []report.Finding) (out []string) {
	for _, f := range list {
		out = append(out, described(f))
	}
	return out
}

func TestMergeFindings(t *testing.T) {
	for _, test := range []struct {
		name     string
		reports  []*report.Report
		want     []string
		findings int
	}{
		{"one report", []*report.Report{holding(file("1", "a"), file("2", "b"))}, []string{"1 a", "2 b"}, 2},
		{"same finding", []*report.Report{holding(file("1", "a")), holding(file("1", "a"))}, []string{"1 a"}, 1},
		{"same finding within a report", []*report.Report{holding(file("1", "a"), file("1", "a"))}, []string{"1 a"}, 1},
		{"one secret in two files", []*report.Report{holding(file("1", "a")), holding(file("1", "b"))}, []string{"1 a", "1 b"}, 2},
		{"two credentials in a file", []*report.Report{holding(file("1", "a")), holding(file("2", "a"))}, []string{"1 a", "2 a"}, 2},
		{"order of first occurrence", []*report.Report{holding(file("2", "b"), file("1", "a")), holding(file("3", "c"), file("1", "a"))},
			[]string{"2 b", "1 a", "3 c"}, 3},
		{"dropped in one report", []*report.Report{holding(file("1", "a")), holding(withDrop(file("1", "a"), "in the baseline"))},
			[]string{"1 a", "1 a dropped: in the baseline"}, 1},
		{"dropped for two reasons", []*report.Report{holding(withDrop(file("1", "a"), "placeholder")), holding(withDrop(file("1", "a"), "in the baseline"))},
			[]string{"1 a dropped: placeholder", "1 a dropped: in the baseline"}, 0},
		{"dropped in both", []*report.Report{holding(withDrop(file("1", "a"), "placeholder")), holding(withDrop(file("1", "a"), "placeholder"))},
			[]string{"1 a dropped: placeholder"}, 0},
		{"file and history", []*report.Report{holding(file("1", "a")), holding(past("1", "a", report.History{Commit: "c"}))},
			[]string{"1 a", "1 a c "}, 2},
		{"one credential at two paths of history",
			[]*report.Report{holding(past("1", "a", report.History{Commit: "c"})), holding(past("1", "b", report.History{Commit: "c"}))},
			[]string{"1 a c "}, 1},
		{"two credentials in history",
			[]*report.Report{holding(past("1", "a", report.History{Commit: "c"})), holding(past("2", "a", report.History{Commit: "c"}))},
			[]string{"1 a c ", "2 a c "}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := report.Merge(test.reports)
			if list := allDescribed(got.Findings); !slices.Equal(list, test.want) {
				t.Errorf("findings %q, want %q", list, test.want)
			}
			if got.Summary.Findings != test.findings {
				t.Errorf("summary counts %d findings, want %d", got.Summary.Findings, test.findings)
			}
		})
	}
}

// The earlier commit introduced a finding, and of two reports with one commit the report
// with the commit's parents is right.
func TestMergeCommits(t *testing.T) {
	const early, late = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"
	for _, test := range []struct {
		name string
		a, b report.History
		want string // the commit that is kept
	}{
		{"earlier first", report.History{Commit: "a", Date: early}, report.History{Commit: "b", Date: late}, "a"},
		{"earlier last", report.History{Commit: "a", Date: late}, report.History{Commit: "b", Date: early}, "b"},
		{"same date", report.History{Commit: "a", Date: early}, report.History{Commit: "b", Date: early}, "a"},
		{"only the first dated", report.History{Commit: "a", Date: late}, report.History{Commit: "b"}, "a"},
		{"only the second dated", report.History{Commit: "a"}, report.History{Commit: "b", Date: late}, "b"},
		{"neither dated", report.History{Commit: "a"}, report.History{Commit: "b"}, "a"},
		{"other commit is exact", report.History{Commit: "a", Date: early, AtOrBefore: true}, report.History{Commit: "b", Date: early}, "a, at or before"},
		{"same commit, first is exact", report.History{Commit: "a", Date: early}, report.History{Commit: "a", Date: early, AtOrBefore: true}, "a"},
		{"same commit, second is exact", report.History{Commit: "a", Date: early, AtOrBefore: true}, report.History{Commit: "a", Date: early}, "a"},
		{"same commit, neither is exact", report.History{Commit: "a", AtOrBefore: true}, report.History{Commit: "a", AtOrBefore: true}, "a, at or before"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := past("1", "of a", test.a), past("1", "of b", test.b)
			a.Line, b.Line = 1, 2
			got := report.Merge([]*report.Report{holding(a), holding(b)}).Findings
			if len(got) != 1 {
				t.Fatalf("%d findings", len(got))
			}
			commit := got[0].Commit
			if got[0].AtOrBefore {
				commit += ", at or before"
			}
			if commit != test.want {
				t.Errorf("commit %s, want %s", commit, test.want)
			}
			// The path and the line are those of the commit.
			if first := got[0].Path == "of a"; first != (got[0].Line == 1) || len(got[0].Paths) != 1 || got[0].Paths[0] == got[0].Path {
				t.Errorf("path %q line %d, other paths %q", got[0].Path, got[0].Line, got[0].Paths)
			}
		})
	}
}

func TestMergeHistories(t *testing.T) {
	for _, test := range []struct {
		name       string
		a, b, want report.History
	}{
		{"reachable", report.History{}, report.History{Reachable: true}, report.History{Reachable: true}},
		{"reachable in the first", report.History{Reachable: true}, report.History{}, report.History{Reachable: true}},
		{"in HEAD", report.History{}, report.History{InHead: true}, report.History{InHead: true}},
		{"in HEAD of the first", report.History{InHead: true}, report.History{}, report.History{InHead: true}},
		{"more commits", report.History{Commits: 2}, report.History{Commits: 5}, report.History{Commits: 5}},
		{"fewer commits", report.History{Commits: 5}, report.History{Commits: 2}, report.History{Commits: 5}},
		{"refs", report.History{Branches: []string{"main", "b"}, Tags: []string{"v2"}}, report.History{Branches: []string{"a", "main"}, Tags: []string{"v1", "v2"}},
			report.History{Branches: []string{"a", "b", "main"}, Tags: []string{"v1", "v2"}}},
		{"paths", report.History{Paths: []string{"z", "y"}}, report.History{Paths: []string{"x", "y", "p"}},
			report.History{Paths: []string{"x", "y", "z"}}},
		{"removed later", report.History{Removed: "a", RemovedDate: "2024-01-01"}, report.History{Removed: "b", RemovedDate: "2024-02-01"},
			report.History{Removed: "b", RemovedDate: "2024-02-01"}},
		{"removed earlier", report.History{Removed: "a", RemovedDate: "2024-02-01"}, report.History{Removed: "b", RemovedDate: "2024-01-01"},
			report.History{Removed: "a", RemovedDate: "2024-02-01"}},
		{"removed at one time", report.History{Removed: "a", RemovedDate: "2024-01-01"}, report.History{Removed: "b", RemovedDate: "2024-01-01"},
			report.History{Removed: "a", RemovedDate: "2024-01-01"}},
		{"removed, but in the other's HEAD", report.History{Removed: "a", RemovedDate: "2024-01-01"}, report.History{InHead: true},
			report.History{InHead: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := past("1", "p", test.a), past("1", "p", test.b)
			got := report.Merge([]*report.Report{holding(a), holding(b)}).Findings
			if len(got) != 1 {
				t.Fatalf("%d findings", len(got))
			}
			h := *got[0].History
			for _, list := range []*[]string{&h.Paths, &h.Branches, &h.Tags} {
				if len(*list) == 0 {
					*list = nil
				}
			}
			if !reflect.DeepEqual(h, test.want) {
				t.Errorf("got  %+v\nwant %+v", h, test.want)
			}
			if !reflect.DeepEqual(*a.History, test.a) || !reflect.DeepEqual(*b.History, test.b) {
				t.Error("a report that was merged has changed")
			}
		})
	}
}

// The parts of a credential are those of the finding that is kept.
func TestMergeRelated(t *testing.T) {
	part := func(line int) []report.Part {
		return []report.Part{{Kind: patterns.AccessKeyID, Span: report.Span{Line: line}}}
	}
	a, b := past("1", "a", report.History{Commit: "a", Date: "2024-02-01"}), past("1", "b", report.History{Commit: "b", Date: "2024-01-01"})
	a.Related, b.Related = part(1), part(2)
	got := report.Merge([]*report.Report{holding(a), holding(b)}).Findings
	if len(got) != 1 || len(got[0].Related) != 1 || got[0].Related[0].Line != 2 {
		t.Errorf("%+v", got)
	}
}

// Paths are relative to the top of the repository unless all reports are of one.
func TestMergeRepositories(t *testing.T) {
	type repository = report.Repository
	one, two := &repository{URI: "https://example.org/one", Prefix: "sub"}, &repository{URI: "https://example.org/two", Prefix: "dir"}
	same := *one
	for _, test := range []struct {
		name         string
		repositories []*repository
		want         []string // paths
		kept         bool
	}{
		{"one", []*repository{one}, []string{"a"}, true},
		{"the same", []*repository{one, &same}, []string{"a"}, true},
		{"none", []*repository{nil, nil}, []string{"a"}, false},
		{"two", []*repository{one, two}, []string{"sub/a", "dir/a"}, false},
		{"first known", []*repository{one, nil}, []string{"sub/a", "a"}, false},
		{"last known", []*repository{nil, one}, []string{"a", "sub/a"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var reports []*report.Report
			for i, r := range test.repositories {
				reports = append(reports, &report.Report{Version: fmt.Sprint(i), Repository: r, Findings: []report.Finding{file("1", "a")}})
			}
			got := report.Merge(reports)
			var paths []string
			for _, f := range got.Findings {
				paths = append(paths, f.Path)
			}
			if !slices.Equal(paths, test.want) {
				t.Errorf("paths %q, want %q", paths, test.want)
			}
			if (got.Repository != nil) != test.kept || test.kept && *got.Repository != *one {
				t.Errorf("repository %+v", got.Repository)
			}
			if got.Version != "0" {
				t.Errorf("version of report %s", got.Version)
			}
		})
	}
}

// A finding in a message has no path, in whatever repository.
func TestMergeMessages(t *testing.T) {
	message := past("1", "", report.History{Commit: "c", Message: true})
	got := report.Merge([]*report.Report{holding(message), {Repository: &report.Repository{Prefix: "sub"}, Findings: []report.Finding{message}}})
	if len(got.Findings) != 1 || got.Findings[0].Path != "" || len(got.Findings[0].Paths) != 0 {
		t.Errorf("%+v", got.Findings)
	}
}

func TestMergeSummaries(t *testing.T) {
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	skipped := func(path, reason string) scanner.Skipped { return scanner.Skipped{Path: path, Reason: reason} }
	stale := func(place string) report.Stale { return report.Stale{Place: place, Problem: "unused"} }
	a := report.Summary{
		Files: 1, Bytes: 10, Findings: 7, Duration: time.Second, Started: first.Add(time.Hour), Dropped: map[string]int{"placeholder": 1},
		Skipped: []scanner.Skipped{skipped("z", "too large"), skipped("a", "too large")}, Errors: []string{"read x"},
		Stale: []report.Stale{stale("c:1"), stale("c:2"), stale("c:1")}, StaleFails: true,
	}
	b := report.Summary{
		Files: 2, Bytes: 20, Findings: 7, Duration: time.Minute, Started: first, Dropped: map[string]int{"placeholder": 2, "in the baseline": 1},
		Skipped: []scanner.Skipped{skipped("a", "too large"), skipped("a", "a device")}, Errors: []string{"read x", "read y"}, Partial: "interrupted",
		Stale: []report.Stale{stale("c:1"), stale("c:3")}, Objects: &report.Objects{Commits: 1, Trees: 2, Blobs: 3, Tags: 4, Inflated: 5, Scanned: 6, Missing: 7, Attribution: 8},
	}
	c := report.Summary{
		Partial: "interrupted", Stale: []report.Stale{stale("c:1")},
		Objects: &report.Objects{Commits: 10, Trees: 20, Blobs: 30, Tags: 40, Inflated: 50, Scanned: 60, Missing: 70, Shallow: true, Attribution: 80},
	}
	want := report.Summary{
		Files: 3, Bytes: 30, Duration: time.Minute + time.Second, Started: first, Dropped: map[string]int{"placeholder": 3, "in the baseline": 1},
		Skipped: []scanner.Skipped{skipped("z", "too large"), skipped("a", "too large"), skipped("a", "a device")},
		Errors:  []string{"read x", "read x", "read y"}, Partial: "interrupted", Stale: []report.Stale{stale("c:1")}, StaleFails: true,
		Objects: &report.Objects{Commits: 11, Trees: 22, Blobs: 33, Tags: 44, Inflated: 55, Scanned: 66, Missing: 77, Shallow: true, Attribution: 88},
	}
	got := report.Merge([]*report.Report{{Summary: a}, {Summary: b}, {Summary: c}}).Summary
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Entries that each report of a shard lists are stale; a scan fails for them only if one
// is left.
func TestMergeStale(t *testing.T) {
	entry := []report.Stale{{Place: "c:1"}}
	for _, test := range []struct {
		name    string
		a, b    []report.Stale
		strict  bool
		stale   int
		failing bool
	}{
		{"stale in both", entry, entry, true, 1, true},
		{"stale in both, not strict", entry, entry, false, 1, false},
		{"used in the first", nil, entry, true, 0, false},
		{"used in the second", entry, nil, true, 0, false},
		{"twice in one report", append(entry, entry...), nil, true, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := holding(), holding()
			a.Summary.Stale, b.Summary.Stale, a.Summary.StaleFails = test.a, test.b, test.strict
			got := report.Merge([]*report.Report{a, b}).Summary
			if len(got.Stale) != test.stale || got.StaleFails != test.failing {
				t.Errorf("%d stale, fails %t", len(got.Stale), got.StaleFails)
			}
		})
	}
}

// The time of merging is linear in the skipped entries.
func TestMergeManySkipped(t *testing.T) {
	const n = 100_000
	var reports []*report.Report
	for shard := range 2 {
		r := holding()
		for i := range n {
			r.Summary.Skipped = append(r.Summary.Skipped, scanner.Skipped{Path: fmt.Sprint(shard, i), Reason: "a device"})
		}
		reports = append(reports, r)
	}
	start := time.Now()
	if got := len(report.Merge(reports).Summary.Skipped); got != 2*n {
		t.Errorf("%d entries", got)
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name          string
		before, after []report.Finding
		added, gone   []string
		same          int
	}{
		{"nothing", nil, nil, nil, nil, 0},
		{"new", nil, []report.Finding{file("1", "a")}, []string{"1 a"}, nil, 0},
		{"gone", []report.Finding{file("1", "a")}, nil, nil, []string{"1 a"}, 0},
		{"moved", []report.Finding{file("1", "a")}, []report.Finding{file("1", "b")}, nil, nil, 1},
		{"in two files", []report.Finding{file("1", "a")}, []report.Finding{file("1", "a"), file("1", "b")}, nil, nil, 1},
		{"new in two files", nil, []report.Finding{file("1", "a"), file("1", "b")}, []string{"1 a", "1 b"}, nil, 0},
		{"dropped since", []report.Finding{file("1", "a")}, []report.Finding{withDrop(file("1", "a"), "in the baseline")}, nil, []string{"1 a"}, 0},
		{"dropped before", []report.Finding{withDrop(file("1", "a"), "in the baseline")}, []report.Finding{file("1", "a")}, []string{"1 a"}, nil, 0},
		{"dropped in both", []report.Finding{withDrop(file("1", "a"), "in the baseline")}, []report.Finding{withDrop(file("1", "a"), "in the baseline")}, nil, nil, 0},
		{"dropped in one file of two", []report.Finding{file("1", "a"), withDrop(file("1", "b"), "placeholder")}, []report.Finding{file("1", "a")}, nil, nil, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := report.Compare(holding(test.before...), holding(test.after...))
			if !slices.Equal(allDescribed(d.New), test.added) || !slices.Equal(allDescribed(d.Gone), test.gone) || d.Same != test.same {
				t.Errorf("new %q, gone %q, %d the same", allDescribed(d.New), allDescribed(d.Gone), d.Same)
			}
			if want := fmt.Sprintf("%d new, %d gone, %d the same", len(test.added), len(test.gone), test.same); d.String() != want {
				t.Errorf("%q, want %q", d, want)
			}
		})
	}
}
