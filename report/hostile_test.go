package report_test

import (
	"bytes"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

func named(t *testing.T, name string) report.Format {
	t.Helper()
	f, err := report.FormatNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func writeRecords(t *testing.T, f report.Format, o report.Options, list []report.Finding, s report.Summary) []byte {
	t.Helper()
	var out bytes.Buffer
	w := f.New(&out, o)
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	if err := w.Findings(list); err != nil {
		t.Fatal(err)
	}
	if err := w.End(s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// hostileNames are names by which a file could do something to who reads a
// report.
func hostileNames() []string {
	return []string{
		"::error::x", "a,line=9::b", "a%0A::error::x", "a\n::error::x", "a\r::set-env name=x::y", "##vso[task.complete]", "##[command]x", "##teamcity[x]",
		"=HYPERLINK(\"http://x\")", "+1+1", "-1", "@SUM(1)", "\t=1", "a\";b", "a,b", "x\x00y", "\xff\xfe", "\x1b]0;x\a", "\u202egpj", "\u2028x", "a\u0085b",
		"<script>alert(1)</script>", "]]><x/>", "&amp;", "`x`", "|x|", "[x](http://y)", "![x](http://y)", "**x**", "www.example.com", "a b", "../../etc/passwd", "C:/x", "/etc/x", "a:b", "-", "{0}",
	}
}

// hostile returns findings of which every text is of no good will.
func hostile() []report.Finding {
	var list []report.Finding
	for i, name := range hostileNames() {
		list = append(list, report.Finding{
			RuleID: "rule-" + name, Kind: patterns.APIKey, Title: name, Description: name, Severity: patterns.Severity(i%4 + 1), Path: name, Span: report.Span{Line: i - 2, Column: -i},
			AccessKeyID: name, AccountID: name, Secret: "********", SecretSHA256: name, Fingerprint: name, Excerpt: name, DecodedFrom: name, Note: name, Fix: name,
			Related: []report.Part{{RuleID: name, Kind: patterns.Kind(name)}}, Evidence: &report.Evidence{KeyID: name}, Object: name,
		})
		if i%2 == 0 {
			h := &report.History{InHead: i%4 == 2, Commit: name, Author: name, Date: name, Tag: name, Paths: []string{name}, Branches: []string{name}, Tags: []string{name}}
			list[i].History = h
			if i%4 == 0 {
				list[i].Path, h.Message = "", true
			}
			if i%8 == 0 {
				h.Commit = ""
			}
		}
		if i%5 == 0 {
			list[i].Dropped, list[i].DroppedBy = name, name
		}
	}
	return list
}

// Reports that are read back may hold anything, whatever keyguard would write.
func TestHostileRecordsAreHarmless(t *testing.T) {
	all := hostileNames()
	s := report.Summary{Findings: 1, Errors: all, Partial: all[2], Dropped: map[string]int{all[3]: 1}, Stale: []report.Stale{{Place: all[1], Problem: all[3], Reason: all[4]}}}
	for _, f := range report.Formats() {
		for _, o := range []report.Options{{}, {Why: true, Verbose: true}, {Hook: report.CommitHook}} {
			harmless(t, f, o, writeRecords(t, f, o, hostile(), s))
		}
	}
}
