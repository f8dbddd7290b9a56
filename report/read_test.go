package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

func sum() report.Summary {
	return report.Summary{
		Files: 3, Bytes: 12345, Findings: 11, Dropped: map[string]int{"placeholder": 2, "documentation example": 1, "the value of a finding near it": 1}, Skipped: []scanner.Skipped{{Path: "a\xe9", Reason: "b"}},
		Errors: []string{"read \xe9: denied"}, Partial: "interrupted", Objects: &report.Objects{Commits: 2, Shallow: true, Attribution: time.Second},
		Stale: []report.Stale{{Place: "\xe9:1", Problem: "unused", Reason: "r"}}, StaleFails: true, Started: time.Unix(1e9, 0).UTC(), Duration: 1234 * time.Millisecond,
	}
}

// A report that was read makes the same reports as the scan itself.
func TestReadGivesBackWhatWasWritten(t *testing.T) {
	o := report.Options{Version: "1.2.3", Why: true, Repository: &report.Repository{URI: "https://example.com/a", Revision: "12", Branch: "b\xe9", Prefix: "c\xe9"}}
	s := sum()
	for _, from := range []string{"json", "jsonl"} {
		r, err := report.Read(bytes.NewReader(write(t, named(t, from), o, found(), &s)), false)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Formats() {
			var got bytes.Buffer
			if err := r.Write(f.New(&got, o)); err != nil {
				t.Fatal(err)
			}
			if want := write(t, f, o, found(), &s); !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s by way of %s:\n%s\nwant\n%s", f.Name, from, got.Bytes(), want)
			}
		}
	}
}

const finding = `{"rule_id": "r", "kind": "api_key", "severity": "low", "confidence": "low", "fingerprint": "0123456789abcdef0123456789abcdef", "secret": "x"}`

func TestReadErrors(t *testing.T) {
	const end = `, "summary": {}}`
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", report.ErrNoReport.Error()},
		{"text", "hello", report.ErrNoReport.Error()},
		{"another list", "[]", report.ErrNoReport.Error()},
		{"another document", `{"findings": 3}`, report.ErrNoReport.Error()},
		{"no summary", `{"findings": []}`, report.ErrNoReport.Error()},
		{"cut off", `{"findings": [`, "the report is truncated"},
		{"two documents", `{"findings": []` + end + `{}`, "unexpected data after the report"},
		{"no rule", `{"findings": [{}]` + end, "finding 1: no rule_id"},
		{"no fingerprint", `{"findings": [` + finding + `, {"rule_id": "r", "fingerprint": "x"}]` + end, "finding 2: no fingerprint"},
		{"unknown kind", strings.Replace(`{"findings": [`+finding+`]`+end, "api_key", "magic", 1), "a value is invalid"},
		{"line of another type", `{"type":"start"}` + "\n" + `{"type":"x"}`, `line 2: unknown type`},
		{"line that is none", `{"type":"start"}` + "\nx", "line 2: "},
		{"line after the end", `{"type":"start"}` + "\n" + `{"type":"summary"}` + "\n{}", "line 3: unexpected data after the summary"},
	} {
		if _, err := report.Read(strings.NewReader(c.text), false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := report.Read(failing{}, false); !errors.Is(err, errFull) {
		t.Errorf("a reader's error: %v", err)
	}
}

func (failing) Read([]byte) (int, error) { return 0, errFull }

// JSON Lines are written as findings come, so they may have no end: then not all
// was read, and that is not clean.
func TestReadOfLinesWithoutAnEnd(t *testing.T) {
	line := strings.Replace(finding, "{", `{"type":"finding",`, 1)
	for _, text := range []string{line + "\n", line + "\n" + line[:20]} {
		r, err := report.Read(strings.NewReader(`{"type":"start"}`+"\n"+text), false)
		if err != nil || len(r.Findings) != 1 || r.Summary.Findings != 1 || r.Summary.Complete() {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// Secrets that a report has, by --reveal or by malice, are masked again.
func TestReadMasks(t *testing.T) {
	secret, err := synth.New(1).Expand("{{secret}}")
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{secret, "hunter2"} {
		f := strings.Replace(finding, `"x"`, fmt.Sprintf("%q, \"excerpt\": \"password = %s;\", \"note\": %q, \"author\": %q", hidden, hidden, hidden, hidden), 1)
		text := `{"findings": [` + f + `], "summary": {}}`
		masked, err := report.Read(strings.NewReader(text), false)
		if err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprintf("%+v %+v", masked.Findings[0], masked.Findings[0].History); strings.Contains(all, hidden) {
			t.Errorf("%s is shown: %s", hidden, all)
		}
		shown, err := report.Read(strings.NewReader(text), true)
		if err != nil || shown.Findings[0].Secret != hidden || masked.Findings[0].Excerpt != "********" {
			t.Errorf("%+v, %v", shown, err)
		}
	}
	all := strings.ReplaceAll(`{"version": "S", "repository": {"uri": "https://u:S@h/", "revision": "S", "branch": "S", "prefix": "S"}, "summary": {}, "findings": [{
		"rule_id": "r", "kind": "api_key", "fingerprint": "0123456789abcdef0123456789abcdef", "secret": "S", "dropped_by": "S", "evidence": {"parts": [{"rule_id": "S"}]}}]}`, "S", strings.ReplaceAll(secret, "/", "+"))
	if r, err := report.Read(strings.NewReader(all), false); err != nil || strings.Contains(fmt.Sprintf("%+v %+v %+v", r, r.Repository, r.Findings[0].Evidence), strings.ReplaceAll(secret, "/", "+")) {
		t.Errorf("%+v %+v, %v", r, r.Repository, err)
	}
	if _, err := report.Read(strings.NewReader(strings.Replace(all, "api_key", secret, 1)), false); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
	r, err := report.Read(strings.NewReader(`{"findings": [], "summary": {"errors": ["read `+strings.ReplaceAll(secret, "/", "+")+`: no"]}}`), false)
	if err != nil || r.Summary.Errors[0] != "read ********: no" {
		t.Errorf("%+v, %v", r, err)
	}
}

// FuzzRead reads anything. What it takes for a report can be written in every
// format, and as JSON says the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"findings": [` + finding + `], "summary": {"started": "2024-01-01T00:00:00Z"}}`))
	f.Add([]byte(`{"type":"start"}` + "\n" + strings.Replace(finding, "{", `{"type":"finding",`, 1) + "\n" + `{"type":"summary"}`))
	for _, list := range [][]report.Finding{hostile()} {
		for i := range list {
			list[i].Fingerprint, list[i].Related = strings.Repeat("0", 32), nil
		}
		var b bytes.Buffer
		w := report.Formats()[1].New(&b, report.Options{})
		if err := errors.Join(w.Begin(), w.Findings(list), w.End(report.Summary{})); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.Read(bytes.NewReader(data), false)
		if err != nil {
			return
		}
		for _, format := range report.Formats() {
			var b bytes.Buffer
			if err := r.Write(format.New(&b, report.Options{Repository: r.Repository, Why: true})); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
			harmless(t, format, report.Options{}, b.Bytes())
			if format.Name != "json" {
				continue
			}
			again, err := report.Read(&b, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(again.Findings) != len(r.Findings) || again.Summary.Findings != r.Summary.Findings || again.Summary.Complete() != r.Summary.Complete() {
				t.Fatalf("%+v became %+v", r, again)
			}
		}
	})
}

func at(path, print string) report.Finding {
	return report.Finding{RuleID: "r", Kind: patterns.APIKey, Path: path, Fingerprint: print}
}

func in(f report.Finding, h report.History) report.Finding {
	f.History = &h
	return f
}

func TestMerge(t *testing.T) {
	one := &report.Report{Version: "1", Findings: []report.Finding{
		at("a", "1"), at("b", "1"), in(at("new", "2"), report.History{Commit: "c2", Date: "2024-02-01", Commits: 3, Branches: []string{"x"}, Reachable: true}),
	}, Summary: sum()}
	two := &report.Report{Version: "1", Findings: []report.Finding{
		at("a", "1"), at("a", "3"), in(at("old", "2"), report.History{Commit: "c1", Date: "2024-01-01", Commits: 2, Branches: []string{"a", "x"}, InHead: true}),
	}, Summary: report.Summary{Files: 1, Partial: "interrupted", Errors: []string{"e"}, Dropped: map[string]int{"placeholder": 1, "x": 1}}}
	got := report.Merge([]*report.Report{one, two})
	want := []report.Finding{
		at("a", "1"), at("b", "1"),
		in(at("old", "2"), report.History{Commit: "c1", Date: "2024-01-01", Commits: 3, Branches: []string{"a", "x"}, InHead: true, Reachable: true, Paths: []string{"new"}}),
		at("a", "3"),
	}
	if !reflect.DeepEqual(got.Findings, want) {
		t.Errorf("got %+v\nwant %+v", got.Findings, want)
	}
	s := got.Summary
	if s.Files != 4 || s.Findings != 4 || s.Partial != "interrupted" || len(s.Errors) != 2 || s.Dropped["placeholder"] != 3 || s.Objects == nil || len(s.Stale) != 0 || s.StaleFails {
		t.Errorf("%+v", s)
	}
}

// A shallow clone does not know who introduced a finding; a deeper one may.
func TestMergeOfShallowClones(t *testing.T) {
	clone := func(commit, date, author string, cut bool) *report.Report {
		return &report.Report{Findings: []report.Finding{in(at("a", "1"), report.History{Commit: commit, Date: date, Author: author, AtOrBefore: cut})}}
	}
	for _, c := range []struct {
		name     string
		one, two *report.Report
		want     string
	}{
		{"the same commit", clone("c2", "2024-02-01", "", true), clone("c2", "2024-02-01", "A", false), "c2 A false"},
		{"deeper, and not cut", clone("c2", "2024-02-01", "", true), clone("c1", "2024-01-01", "A", false), "c1 A false"},
		{"deeper, and cut", clone("c1", "2024-01-01", "", true), clone("c2", "2024-02-01", "A", false), "c1  true"},
	} {
		for _, reports := range [][]*report.Report{{c.one, c.two}, {c.two, c.one}} {
			h := report.Merge(reports).Findings[0].History
			if got := fmt.Sprintf("%s %s %v", h.Commit, h.Author, h.AtOrBefore); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	}
}

// A summary that contradicts the findings makes a report one that was not read.
func TestReadOfContradictions(t *testing.T) {
	dropped := strings.Replace(finding, "{", `{"dropped": "d", `, 1)
	for _, c := range []struct{ name, findings, summary, want string }{
		{"right", finding, `{"findings": 1, "errors": []}`, ""},
		{"right, with one that was dropped", finding + "," + dropped, `{"findings": 1, "dropped": {"d": 1, "e": 1}, "errors": []}`, ""},
		{"more dropped than listed", dropped, `{"findings": 0, "dropped": {"d": 2}, "errors": []}`, ""},
		{"a finding is gone", finding, `{"findings": 2, "errors": []}`, "the summary counts 2 findings, the report contains 1"},
		{"all are gone", "", `{"findings": 1, "errors": []}`, "the summary counts 1 finding, the report contains 0"},
		{"a finding too many", finding, `{"findings": 0, "errors": []}`, "the summary counts 0 findings, the report contains 1"},
		{"no count", finding, `{"errors": []}`, "the summary of the report is incomplete"},
		{"no count, no finding", "", `{"errors": []}`, "the summary of the report is incomplete"},
		{"no errors", "", `{"findings": 0}`, "the summary of the report is incomplete"},
		{"nothing that is known", "", `{"total": 0}`, "the summary of the report is incomplete"},
		{"fewer dropped than listed", dropped, `{"findings": 0, "dropped": {"e": 1}, "errors": []}`, "the report contains more dropped findings than its summary counts"},
		{"partial as well", finding, `{"findings": 0, "partial": "interrupted", "errors": []}`, "interrupted; the summary counts 0 findings, the report contains 1"},
	} {
		lines := `{"type":"start"}` + "\n"
		for f := range strings.SplitSeq(c.findings, "},") {
			if f != "" {
				lines += strings.Replace(strings.TrimSuffix(f, "}")+"}", "{", `{"type":"finding",`, 1) + "\n"
			}
		}
		lines += strings.Replace(c.summary, "{", `{"type":"summary",`, 1)
		for _, text := range []string{`{"findings": [` + c.findings + `], "summary": ` + c.summary + `}`, lines} {
			r, err := report.Read(strings.NewReader(text), false)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if got := r.Summary.Partial; got != c.want || r.Summary.Complete() != (c.want == "") {
				t.Errorf("%s: partial %q, want %q", c.name, got, c.want)
			}
		}
	}
}

// Names that are not UTF-8 have their bytes beside them, and come back.
func TestReadOfNamesThatAreNotUTF8(t *testing.T) {
	for _, c := range []struct{ name, field, want string }{
		{"path", `"path": "a", "path_bytes": "!"`, "path_bytes is not base64"},
		{"author", `"author": "a", "author_bytes": "!"`, "author_bytes is not base64"},
		{"a list", `"tags": ["a"], "tags_bytes": ["!"]`, "tags_bytes is not base64"},
		{"a list of another length", `"branches": ["a"], "branches_bytes": ["YQ==", "YQ=="]`, "1 branches, but 2 of their bytes"},
	} {
		text := `{"findings": [` + strings.Replace(finding, "{", "{"+c.field+",", 1) + `], "summary": {}}`
		if _, err := report.Read(strings.NewReader(text), false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// Paths that start in different folders are made to start at the top.
func TestMergeOfFolders(t *testing.T) {
	part := func(prefix string) *report.Report {
		return &report.Report{Repository: &report.Repository{Prefix: prefix}, Findings: []report.Finding{at("a", "1")}}
	}
	got := report.Merge([]*report.Report{part("x"), part("y"), part("x")})
	if len(got.Findings) != 2 || got.Findings[0].Path != "x/a" || got.Findings[1].Path != "y/a" || got.Repository != nil {
		t.Errorf("%+v", got)
	}
}
