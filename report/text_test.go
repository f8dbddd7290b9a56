package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

func text(t *testing.T, o report.Options, list []report.Finding, s report.Summary) string {
	t.Helper()
	format, err := report.FormatNamed("text")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	w := format.New(&out, o)
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	if err := w.Findings(list); err != nil {
		t.Fatal(err)
	}
	if err := w.End(s); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Who mends one line only would be stopped at the next.
func TestTextTellsEachLineOfACredential(t *testing.T) {
	for want, lines := range map[string][]int{
		"":                      {3, 3},
		"also: on line 9\n":     {9, 9},
		"also: on lines 1, 4\n": {4, 3, 1},
		"also: on lines 4, 5, 6, 7, 8 and 2 more": {10, 9, 8, 7, 6, 5, 4},
	} {
		f := report.Finding{Kind: patterns.KeyPair, Path: "x", Span: report.Span{Line: 3}, Related: []report.Part{{Kind: patterns.AccessKeyID, Span: report.Span{Line: 2}}}}
		for _, line := range lines {
			f.Related = append(f.Related, report.Part{Kind: patterns.SecretKey, Span: report.Span{Line: line}})
		}
		got := text(t, report.Options{}, []report.Finding{f}, report.Summary{})
		if !strings.Contains(got, want) || strings.Contains(got, "also:") != (want != "") {
			t.Errorf("%v: want %q in:\n%s", lines, want, got)
		}
	}
}

func TestTextCountsManyStaleAllowances(t *testing.T) {
	var s report.Summary
	for i := range 4 {
		s.Stale = append(s.Stale, report.Stale{Place: fmt.Sprintf("x:%d", i), Problem: "unused"})
	}
	strict, few := s, s
	strict.StaleFails = true
	few.Stale = few.Stale[:3]
	for _, c := range []struct {
		name    string
		options report.Options
		summary report.Summary
		listed  bool
	}{
		{"many", report.Options{}, s, false},
		{"few", report.Options{}, few, true},
		{"many, verbose", report.Options{Verbose: true}, s, true},
		{"many, of which the scan fails", report.Options{}, strict, true},
	} {
		got := text(t, c.options, nil, c.summary)
		if strings.Contains(got, "x:2: unused") != c.listed || strings.Contains(got, "4 allowances have expired or allow nothing") == c.listed {
			t.Errorf("%s:\n%s", c.name, got)
		}
	}
}

func TestEvidence(t *testing.T) {
	part := func(lines int) report.PartEvidence {
		return report.PartEvidence{RuleID: "id", Lines: lines, Bytes: 9}
	}
	for want, parts := range map[string][]report.PartEvidence{
		"id 1 line and 9 bytes before it": {part(-1)},
		"id on its line, 9 bytes away":    {part(0)},
		"id 2 lines and 9 bytes after it; id on its line, 9 bytes away; id on its line, 9 bytes away; 2 more": {part(2), part(0), part(0), part(0), part(0)},
	} {
		e := report.Evidence{Length: 40, Entropy: 4.5, Parts: parts}
		if got := e.String(); got != "40 characters of 4.50 bits; "+want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
