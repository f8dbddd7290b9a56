package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// id joins the halves of an id that no scanner should find here.
func id(halves string) string { return strings.Replace(halves, "-", "", 1) }

// render writes a finding of one key id in a format.
func render(t *testing.T, format, id string) string {
	t.Helper()
	f, err := report.FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := f.New(&out, report.Options{})
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	err = w.Findings(report.Findings(&scanner.Result{Findings: []scanner.Finding{{
		RuleID: "aws-access-key-id", Kind: patterns.AccessKeyID, KeyID: id, Secret: scanner.Secret(id),
		About: (&patterns.Rule{Describe: "aws-key-id"}).DescribeID(id), Origin: scanner.Origin{Path: "a.env"},
	}}}, report.Options{}))
	if err == nil {
		err = w.End(report.Summary{Findings: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCanariesAreMarked(t *testing.T) {
	const mark = "canary (such as canarytokens.org): never verify it"
	for id, want := range map[string]struct{ canary, longTerm bool }{
		id("AKIA-SP2TPHJSQH3FJRUX"): {canary: true, longTerm: true},
		id("ASIA-SP2TPHJSQH3FJRUX"): {canary: true},
		id("AKIA-Y34FZKBOKMUTVV7A"): {longTerm: true},
	} {
		if got := strings.Contains(render(t, "text", id), mark); got != want.canary {
			t.Errorf("%s: marked as a canary in text: %v, want %v", id, got, want.canary)
		}
		var document struct {
			Findings []struct {
				Canary   bool  `json:"canary"`
				LongTerm *bool `json:"long_term"`
			}
		}
		if err := json.Unmarshal([]byte(render(t, "json", id)), &document); err != nil {
			t.Fatal(err)
		}
		got := document.Findings[0]
		if got.Canary != want.canary || got.LongTerm == nil || *got.LongTerm != want.longTerm {
			t.Errorf("%s: JSON has %+v, want %+v", id, got, want)
		}
	}
}
