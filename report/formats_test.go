package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

// of writes the hostile findings in a format, those that were dropped included.
func of(t *testing.T, format string) []byte {
	t.Helper()
	return writeRecords(t, named(t, format), report.Options{Why: true, Version: "1"}, hostile(), report.Summary{Findings: 1, Errors: hostileNames()})
}

func counted() int {
	n := 0
	for _, f := range hostile() {
		if f.Dropped == "" {
			n++
		}
	}
	return n
}

// A fingerprint takes long to make, so reports that do not show it are written without.
func TestAnonymousFormatsShowNoFingerprint(t *testing.T) {
	for _, format := range report.Formats() {
		f := report.Finding{Kind: patterns.SecretKey, Path: "x", Fingerprint: strings.Repeat("a", 32)}
		with := writeRecords(t, format, report.Options{}, []report.Finding{f}, report.Summary{Findings: 1})
		f.Fingerprint = strings.Repeat("b", 32)
		other := writeRecords(t, format, report.Options{}, []report.Finding{f}, report.Summary{Findings: 1})
		if same := bytes.Equal(with, other); same != format.Anonymous {
			t.Errorf("%s: shows none: %v, anonymous: %v", format.Name, same, format.Anonymous)
		}
	}
}

// A spreadsheet evaluates a cell that begins like a formula.
func TestCSVHasNoFormulas(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(of(t, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + len(hostile()) + len(hostileNames()); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	for _, row := range rows {
		for _, cell := range row {
			if regexp.MustCompile(`^\s*[=+@\t]|^-\D|^-$`).MatchString(cell) {
				t.Errorf("%q is a formula", cell)
			}
		}
	}
}

// Each line is one command, of which a name changes no other part.
func TestGitHubCommandsAreTheirOwn(t *testing.T) {
	line := regexp.MustCompile(`^::(?:error|warning|notice) (?:file=([^,:]*),line=\d+,endLine=\d+,(?:col=\d+,endColumn=\d+,)?)?title=[^,:]*::.+$`)
	lines := strings.Split(strings.TrimSuffix(string(of(t, "github")), "\n"), "\n")
	if want := counted() + len(hostileNames()) + 1; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	decode := strings.NewReplacer("%3A", ":", "%2C", ",", "%0A", "\n", "%0D", "\r", "%25", "%")
	var files []string
	for _, l := range lines {
		m := line.FindStringSubmatch(l)
		if m == nil {
			t.Errorf("no command: %q", l)
			continue
		}
		files = append(files, decode.Replace(m[1]))
	}
	for _, name := range []string{"a%0A::error::x", "a,line=9::b"} {
		if !slices.Contains(files, name) {
			t.Errorf("no annotation of %s", name)
		}
	}
}

func TestJUnitIsXML(t *testing.T) {
	var out struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Cases    []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(of(t, "junit"), &out); err != nil {
		t.Fatal(err)
	}
	if out.Suite.Tests != len(out.Suite.Cases) || out.Suite.Failures != counted() {
		t.Errorf("%+v", out.Suite)
	}
}

// Nothing of a name is markup: no tag, link, mention or further column.
func TestMarkdownShowsNamesAsTheyAre(t *testing.T) {
	for l := range strings.Lines(string(of(t, "markdown"))) {
		if strings.HasPrefix(l, "| ") && strings.Count(l, "|") != 5 {
			t.Errorf("columns: %s", l)
		}
		plain := regexp.MustCompile(`</?(code|sub)>|<br>|&#\d+;`).ReplaceAllString(l, "")
		if m := regexp.MustCompile(`<|\]\(|\[|@|://|www\.|\*`).FindString(plain); m != "" {
			t.Errorf("%q in %s", m, l)
		}
	}
}

func TestAgentHasAFindingALine(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(string(of(t, "agent")), "\n"), "\n")
	if want := len(hostile()) + len(hostileNames()) + 1; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for _, l := range lines[:len(hostile())] {
		if n := len(strings.Split(l, "\t")); n != 7 {
			t.Errorf("%d fields: %q", n, l)
		}
	}
}

// Importers take these fields for granted, by these names.
func TestGitleaksFields(t *testing.T) {
	var out []map[string]any
	if err := json.Unmarshal(of(t, "gitleaks"), &out); err != nil {
		t.Fatal(err)
	}
	if len(out) != counted() {
		t.Errorf("%d findings", len(out))
	}
	for _, name := range []string{
		"RuleID", "Description", "StartLine", "EndLine", "StartColumn", "EndColumn", "Match", "Secret", "File", "SymlinkFile",
		"Commit", "Entropy", "Author", "Email", "Date", "Message", "Tags", "Fingerprint",
	} {
		if _, ok := out[0][name]; !ok {
			t.Errorf("no %s", name)
		}
	}
	if text := string(writeRecords(t, named(t, "gitleaks"), report.Options{}, nil, report.Summary{})); strings.TrimSpace(text) != "[]" {
		t.Errorf("clean: %q", text)
	}
}

// What GitLab's schema 15 asks of a secret detection report.
func TestGitLabKeepsToItsSchema(t *testing.T) {
	type tool struct {
		ID, Name, Version string
		Vendor            struct{ Name string }
	}
	var out struct {
		Version string
		Scan    struct {
			Analyzer, Scanner tool
			Type, Status      string
			Start             string `json:"start_time"`
			End               string `json:"end_time"`
			Messages          []struct{ Level, Value string }
		}
		Vulnerabilities []struct {
			ID, Name, Description, Severity, Solution string
			Identifiers                               []struct{ Type, Name, Value, URL string }
			Location                                  struct {
				File   *string
				Commit struct{ SHA string }
			}
		}
	}
	if err := json.Unmarshal(of(t, "gitlab"), &out); err != nil {
		t.Fatal(err)
	}
	zoneless := regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$`)
	s := out.Scan
	if !regexp.MustCompile(`^15\.\d+\.\d+$`).MatchString(out.Version) || s.Type != "secret_detection" || s.Status != "failure" || !zoneless.MatchString(s.Start) || !zoneless.MatchString(s.End) {
		t.Errorf("%+v", s)
	}
	for _, p := range []tool{s.Analyzer, s.Scanner} {
		if p.ID == "" || p.Name == "" || p.Version == "" || p.Vendor.Name == "" {
			t.Errorf("%+v", p)
		}
	}
	for _, m := range s.Messages {
		if m.Value == "" || !slices.Contains([]string{"info", "warn", "fatal"}, m.Level) {
			t.Errorf("%+v", m)
		}
	}
	if len(out.Vulnerabilities) != counted() {
		t.Errorf("%d vulnerabilities", len(out.Vulnerabilities))
	}
	for _, v := range out.Vulnerabilities {
		if v.ID == "" || len(v.Name) > 255 || len(v.Solution) > 7000 || !slices.Contains([]string{"Low", "Medium", "High", "Critical"}, v.Severity) || v.Location.Commit.SHA == "" || v.Location.File == nil {
			t.Errorf("%+v", v)
		}
		for _, i := range v.Identifiers {
			if i.Type == "" || i.Name == "" || i.Value == "" {
				t.Errorf("%+v", v.Identifiers)
			}
		}
	}
}

// The page about reports tells all formats there are, and the ends of their
// files' names.
func TestFormatsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Formats() {
		row := regexp.MustCompile("(?m)^\\| `" + f.Name + "` \\| .* \\| (.*)\\|$").FindSubmatch(page)
		if row == nil || strings.Trim(string(row[1]), "` ") != f.Ext {
			t.Errorf("docs/reports.md has no right row for %s: %q", f.Name, row)
		}
	}
}
