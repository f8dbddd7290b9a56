package report

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// gitlabVersion is the schema version of GitLab's secret detection report; see
// gitlab.com/gitlab-org/security-products/security-report-schemas.
const gitlabVersion = "15.0.7"

// gitlabWriter writes GitLab's artifacts:reports:secret_detection.
type gitlabWriter struct {
	document
	o Options
}

func newGitLab(w io.Writer, o Options) *gitlabWriter {
	return &gitlabWriter{document{w: w, indent: "    "}, o}
}

type (
	gitlabFinding struct {
		ID          string             `json:"id"`
		Name        string             `json:"name"`
		Description string             `json:"description"`
		Severity    string             `json:"severity"`
		Solution    string             `json:"solution,omitempty"`
		Identifiers []gitlabIdentifier `json:"identifiers"`
		Location    gitlabLocation     `json:"location"`
		Raw         string             `json:"raw_source_code_extract,omitempty"`
		// Details holds values for which the schema has no field.
		Details map[string]gitlabDetail `json:"details,omitempty"`
	}
	gitlabDetail struct {
		Name  string `json:"name"`
		Type  string `json:"type"`
		Value string `json:"value"`
	}
	gitlabIdentifier struct {
		Type  string `json:"type"`
		Name  string `json:"name"`
		Value string `json:"value"`
		URL   string `json:"url,omitempty"`
	}
	gitlabLocation struct {
		File      string       `json:"file"`
		StartLine int          `json:"start_line"`
		EndLine   int          `json:"end_line"`
		Commit    gitlabCommit `json:"commit"`
	}
	gitlabCommit struct {
		SHA    string `json:"sha"`
		Author string `json:"author,omitempty"`
		Date   string `json:"date,omitempty"`
	}
	gitlabScan struct {
		Analyzer gitlabTool      `json:"analyzer"`
		Scanner  gitlabTool      `json:"scanner"`
		Type     string          `json:"type"`
		Start    string          `json:"start_time"`
		End      string          `json:"end_time"`
		Status   string          `json:"status"`
		Messages []gitlabMessage `json:"messages"`
	}
	gitlabTool struct {
		ID      string       `json:"id"`
		Name    string       `json:"name"`
		URL     string       `json:"url"`
		Version string       `json:"version"`
		Vendor  gitlabVendor `json:"vendor"`
	}
	gitlabVendor struct {
		Name string `json:"name"`
	}
	gitlabMessage struct {
		Level string `json:"level"`
		Value string `json:"value"`
	}
)

// Begin implements Writer.
func (g *gitlabWriter) Begin() error {
	return g.write("{\n  \"version\": \"" + gitlabVersion + "\",\n  \"vulnerabilities\": [")
}

// Findings implements Writer. Dropped findings are left out, because findings are
// dismissed in GitLab.
func (g *gitlabWriter) Findings(list []Finding) error {
	for i := range list {
		if list[i].Dropped != "" {
			continue
		}
		if err := g.item(g.finding(&list[i])); err != nil {
			return err
		}
	}
	return nil
}

func (g *gitlabWriter) finding(f *Finding) gitlabFinding {
	out := gitlabFinding{
		Name: cut(Printable(f.Title), 255), Description: sentence(Printable(f.Description), f.headline()), Solution: cut(Printable(f.Fix), 7000),
		Severity: map[patterns.Severity]string{0: "Unknown", patterns.Low: "Low", patterns.Medium: "Medium", patterns.High: "High", patterns.Critical: "Critical"}[f.Severity],
		Identifiers: []gitlabIdentifier{
			{"keyguard_rule_id", "keyguard rule " + Printable(f.RuleID), Printable(f.RuleID), ""},
			{"cwe", "CWE-798", "798", "https://cwe.mitre.org/data/definitions/798.html"},
		},
		Location: gitlabLocation{File: f.fromTop(g.o.Repository), StartLine: max(f.Line, 1), EndLine: max(f.EndLine, f.Line, 1), Commit: gitlabCommit{SHA: "0000000"}},
	}
	if r := g.o.Repository; r != nil && r.Revision != "" {
		out.Location.Commit.SHA = r.Revision
	}
	if h := f.History; h != nil && h.Commit != "" {
		out.Location.Commit = gitlabCommit{h.Commit, h.Author, h.Date}
	}
	if g.o.Reveal {
		out.Raw = f.Secret
	}
	out.Details = gitlabDetails(f, out.Location.File)
	out.ID = uuid(f.Fingerprint, out.Location.File, fmt.Sprint(out.Location.StartLine))
	return out
}

// gitlabDetails returns the bytes of a name that is not UTF-8 and, with Options.Reveal,
// the values of the other parts.
func gitlabDetails(f *Finding, file string) map[string]gitlabDetail {
	out := make(map[string]gitlabDetail)
	if b := bytesOf(file); b != "" {
		out["path_bytes"] = gitlabDetail{"path, base64", "text", b}
	}
	for _, p := range f.others() {
		value := Printable(p.Secret)
		if same, ok := out[string(p.Kind)]; ok {
			value = same.Value + "\n" + value
		}
		out[string(p.Kind)] = gitlabDetail{words(p.Kind), "text", value}
	}
	return out
}

// End implements Writer.
func (g *gitlabWriter) End(s Summary) error {
	version := g.o.Version
	if version == "" {
		version = "(devel)"
	}
	tool := gitlabTool{"keyguard", "keyguard", "https://github.com/keyguard/keyguard", version, gitlabVendor{"keyguard"}}
	scan := gitlabScan{
		Analyzer: tool, Scanner: tool, Type: "secret_detection", Status: "success", Messages: []gitlabMessage{{"info", s.String()}},
		Start: s.Started.UTC().Format(gitlabTime), End: s.Started.Add(s.Duration).UTC().Format(gitlabTime),
	}
	for _, e := range s.Errors {
		scan.Messages = append(scan.Messages, gitlabMessage{"warn", "not read: " + Printable(e)})
	}
	if s.Partial != "" {
		scan.Messages = append(scan.Messages, gitlabMessage{"fatal", "the scan ended early: " + Printable(s.Partial)})
	}
	if !s.Complete() {
		scan.Status = "failure"
	}
	text, err := encode(scan, "  ")
	if err != nil {
		return err
	}
	return g.close("],\n  \"scan\": " + text + "\n}\n")
}

// gitlabTime is the format of a time in UTC.
const gitlabTime = "2006-01-02T15:04:05"

// uuid derives a name-based UUID (RFC 9562, version 8) from parts.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// cut truncates s to at most n bytes, at the boundary of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
