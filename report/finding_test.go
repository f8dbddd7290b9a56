package report_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// Whoever can name a branch can put a secret into its name.
func TestNamesAreMasked(t *testing.T) {
	secret, err := synth.New(1).Expand("{{secret}}")
	if err != nil {
		t.Fatal(err)
	}
	name := "v1-" + secret + "-x"
	f := report.NewFinding(&scanner.Finding{Origin: scanner.Origin{History: &scanner.History{
		Author: name, Tag: name, Tags: []string{name}, Branches: []string{name, "origin/topic/AddSupportForThingsOfThatKind"},
		Paths: []string{"old/" + strings.ReplaceAll(name, "/", "+") + ".txt", "src/main/java/com/example/Example2/LongNameOfATest.java"},
	}}}, report.Options{})
	for got, want := range map[string]string{
		f.Author: "v1-********-x", f.Tag: "v1-********-x", f.Tags[0]: "v1-********-x", f.Branches[0]: "v1-********-x",
		f.Branches[1]: "origin/topic/AddSupportForThingsOfThatKind",
		f.Paths[0]:    "old/v1-********-x.txt",
		f.Paths[1]:    "src/main/java/com/example/Example2/LongNameOfATest.java",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Between the strings of a program are bytes by the hundred that say nothing.
func TestExcerptsOfProgramsAreShort(t *testing.T) {
	text, err := synth.New(1).Expand("{{akia#k}}")
	if err != nil {
		t.Fatal(err)
	}
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	zeros := strings.Repeat("\x00", 60)
	found := scanner.New(set, scanner.Options{}).ScanBytes([]byte(zeros + "key" + zeros + text + zeros))
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	if got := report.NewFinding(&found[0], report.Options{}).Excerpt; got != "key\x00"+text {
		t.Errorf("%q", got)
	}
}

// Every format says that a finding came at or before a commit, and names no author.
func TestAtOrBefore(t *testing.T) {
	f := scanner.Finding{RuleID: "r", Kind: patterns.APIKey, Origin: scanner.Origin{Path: "a", History: &scanner.History{Commit: strings.Repeat("ab", 20), AtOrBefore: true, Reachable: true, Commits: 2}}}
	list := []report.Finding{report.NewFinding(&f, report.Options{})}
	said := regexp.MustCompile("at or before|at_or_before|atOrBefore")
	for _, format := range report.Formats() {
		text := writeRecords(t, format, report.Options{}, list, report.Summary{Findings: 1})
		if !said.Match(text) {
			t.Errorf("%s: %s", format.Name, text)
		}
	}
	var remote bytes.Buffer
	if err := (&report.Remote{W: &remote}).Findings(list); err != nil || !strings.Contains(remote.String(), "  at or before commit abababababab\n") {
		t.Errorf("a push: %s, %v", remote.String(), err)
	}
	hostile := strings.Replace(finding, "{", `{"commit": "c", "at_or_before": true, "author": "Innocent", "author_bytes": "SW5ub2NlbnQ=",`, 1)
	r, err := report.Read(strings.NewReader(`{"findings": [`+hostile+`], "summary": {}}`), false)
	if err != nil || r.Findings[0].Author != "" {
		t.Errorf("read: %+v, %v", r, err)
	}
}
