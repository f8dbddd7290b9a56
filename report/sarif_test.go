package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// sarifLog is what the tests look at in a SARIF file.
type sarifLog struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID               string
					Short, Full      struct{ Text string }
					Help             struct{ Text, Markdown string }
					ShortDescription struct{ Text string }
					FullDescription  struct{ Text string }
					Properties       map[string]any
				}
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI, URIBaseID string }
					Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
				}
			}
			PartialFingerprints map[string]string
			Suppressions        []struct{ Kind, Justification string }
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
		VersionControlProvenance []struct{ RepositoryURI, RevisionID string }
	}
}

func parseSARIF(t *testing.T, text []byte) sarifLog {
	t.Helper()
	var out sarifLog
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// sarifCases are reports of all that SARIF can tell.
func sarifCases(t *testing.T) map[string][]byte {
	f := named(t, "sarif")
	incomplete := report.Summary{Errors: []string{"a: permission denied", "b [x](y) {0}"}, Partial: "interrupted", Started: time.Unix(1, 0), Stale: []report.Stale{{Place: "a:1", Problem: "unused"}}}
	o := report.Options{Version: "1.2.3", Repository: &report.Repository{URI: "https://example.com/a/b", Revision: strings.Repeat("1", 40), Branch: "main", Prefix: "sub"}}
	why := o
	why.Why = true
	return map[string][]byte{
		"findings":   write(t, f, o, found(), nil),
		"why":        write(t, f, why, found(), nil),
		"bare":       write(t, f, report.Options{}, found(), nil),
		"clean":      write(t, f, o, nil, nil),
		"incomplete": write(t, f, o, nil, &incomplete),
		"hostile":    writeRecords(t, f, o, hostile(), report.Summary{}),
	}
}

func TestSARIFKeepsToItsSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "schema", "sarif-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range sarifCases(t) {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// GitHub refuses files that break these rules, or shows nothing of them.
func TestSARIFKeepsToTheRulesOfGitHub(t *testing.T) {
	for name, text := range sarifCases(t) {
		for _, run := range parseSARIF(t, text).Runs {
			ids := make(map[string]bool)
			for _, r := range run.Tool.Driver.Rules {
				if ids[r.ID] || r.ID == "" {
					t.Errorf("%s: rule id %q is empty or not unique", name, r.ID)
				}
				ids[r.ID] = true
				if r.ShortDescription.Text == "" || r.FullDescription.Text == "" || r.Help.Text == "" || r.Help.Markdown == "" {
					t.Errorf("%s: rule %s lacks a text", name, r.ID)
				}
				if _, ok := r.Properties["security-severity"].(string); !ok {
					t.Errorf("%s: rule %s has no security-severity", name, r.ID)
				}
			}
			for i, r := range run.Results {
				if r.Message.Text == "" || len(r.Locations) == 0 || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
					t.Errorf("%s: result %d: %+v", name, i, r)
					continue
				}
				at := r.Locations[0].PhysicalLocation
				if at.ArtifactLocation.URI == "" || strings.ContainsAny(at.ArtifactLocation.URI, " \\\"<>\n") {
					t.Errorf("%s: result %d: URI %q", name, i, at.ArtifactLocation.URI)
				}
				if g := at.Region; g.StartLine < 1 || g.StartColumn < 1 || g.EndLine < g.StartLine || g.EndLine == g.StartLine && g.EndColumn < g.StartColumn {
					t.Errorf("%s: result %d: region %+v", name, i, g)
				}
			}
		}
	}
}

func TestSARIFOfAFolderBelowTheTop(t *testing.T) {
	run := parseSARIF(t, sarifCases(t)["findings"]).Runs[0]
	if got := run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation; got.URI != "sub/deploy/main.tf" || got.URIBaseID != "%SRCROOT%" {
		t.Errorf("%+v", got)
	}
	if got := run.VersionControlProvenance; len(got) != 1 || got[0].RepositoryURI != "https://example.com/a/b" {
		t.Errorf("%+v", got)
	}
}

// GitHub's uploader computes the hash of a finding in a file that is checked
// out; of others it cannot.
func TestSARIFFingerprintsWhatIsNotCheckedOut(t *testing.T) {
	history := func(inHead bool) scanner.Finding {
		return scanner.Finding{Origin: scanner.Origin{Path: "a", History: &scanner.History{InHead: inHead, Commit: "c"}}}
	}
	for _, c := range []struct {
		name string
		f    scanner.Finding
		want bool
	}{
		{"file", scanner.Finding{Origin: scanner.Origin{Path: "a"}}, false},
		{"in HEAD", history(true), false},
		{"history only", history(false), true},
	} {
		record := report.NewFinding(&c.f, report.Options{})
		text := writeRecords(t, named(t, "sarif"), report.Options{}, []report.Finding{record}, report.Summary{})
		got := parseSARIF(t, text).Runs[0].Results[0].PartialFingerprints["primaryLocationLineHash"]
		if want := record.Fingerprint + ":1"; c.want != (got == want) || !c.want && got != "" {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestSARIFTellsWhatWasNotRead(t *testing.T) {
	v := parseSARIF(t, sarifCases(t)["incomplete"]).Runs[0].Invocations[0]
	if v.ExecutionSuccessful || len(v.ToolExecutionNotifications) != 4 {
		t.Errorf("%+v", v)
	}
	if got := v.ToolExecutionNotifications[1].Message.Text; got != `b \[x\](y) {{0}}` {
		t.Errorf("not escaped: %s", got)
	}
	if !parseSARIF(t, sarifCases(t)["clean"]).Runs[0].Invocations[0].ExecutionSuccessful {
		t.Error("a clean scan is no success")
	}
}

// Suppressions are what somebody allowed, not what was no finding to begin with.
func TestSARIFSuppressions(t *testing.T) {
	drops := []scanner.Finding{
		{Drop: patterns.Drop{By: patterns.ByMark, Text: "allowed by keyguard:allow"}},
		{Drop: patterns.Drop{By: patterns.ByBaseline, Text: "in the baseline", Place: "b:1, not audited"}},
		{Drop: patterns.Drop{By: patterns.ByContent, Text: "placeholder"}},
	}
	list := report.Findings(&scanner.Result{Dropped: drops}, report.Options{Why: true})
	var got []string
	for _, r := range parseSARIF(t, writeRecords(t, named(t, "sarif"), report.Options{Why: true}, list, report.Summary{})).Runs[0].Results {
		for _, s := range r.Suppressions {
			got = append(got, s.Kind+" "+s.Justification)
		}
	}
	if want := []string{"inSource allowed by keyguard:allow", "external in the baseline (b:1, not audited)"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSARIFIsCutWhereGitHubWouldRefuseIt(t *testing.T) {
	list := slices.Repeat([]report.Finding{{RuleID: "r", Kind: patterns.APIKey, Title: "T", Path: "a"}}, 25_003)
	run := parseSARIF(t, writeRecords(t, named(t, "sarif"), report.Options{}, list, report.Summary{Findings: len(list)})).Runs[0]
	if len(run.Results) != 25_000 {
		t.Errorf("%d results", len(run.Results))
	}
	if text := fmt.Sprint(run.Invocations); !strings.Contains(text, "3 findings not in this report") {
		t.Errorf("no notice: %s", text)
	}
}

// Microsoft's validator knows the standard and GitHub's rules:
// npm install -g @microsoft/sarif-multitool.
func TestSARIFPassesTheMultitool(t *testing.T) {
	tool, err := exec.LookPath("sarif-multitool")
	if err != nil {
		t.Skip("sarif-multitool is not installed")
	}
	dir := t.TempDir()
	for name, text := range sarifCases(t) {
		for _, rules := range []string{"Sarif", "Ghas"} {
			in, out := filepath.Join(dir, name+".sarif"), filepath.Join(dir, name+rules+".out")
			if err := os.WriteFile(in, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(tool, "validate", in, "--rule-kind", rules, "--level", "Error", "--output", out).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			answer, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range parseSARIF(t, answer).Runs[0].Results {
				t.Errorf("%s: %s: %+v", name, r.RuleID, r)
			}
		}
	}
}
