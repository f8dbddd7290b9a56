package report

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/keyguard/keyguard/patterns"
)

// Limits of GitHub's code scanning, from its documentation "SARIF support for code
// scanning".
const (
	sarifResults = 25_000 // per run; GitHub rejects a file with more
	sarifRelated = 100    // locations per result
)

// sarifWriter writes SARIF 2.1.0, the OASIS standard, for code scanning of GitHub and
// others: one run, with the results first.
type sarifWriter struct {
	document
	o     Options
	rules map[string]*sarifRule
	order []string // of rules, by first finding
	left  int      // findings over the limit
	n     int
}

func newSARIF(w io.Writer, o Options) *sarifWriter {
	return &sarifWriter{document: document{w: w, indent: "        "}, o: o, rules: make(map[string]*sarifRule)}
}

// Begin implements Writer.
func (s *sarifWriter) Begin() error {
	return s.write("{\n" +
		`  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",` + "\n" +
		`  "version": "2.1.0",` + "\n" +
		"  \"runs\": [\n    {\n      \"results\": [")
}

// Findings implements Writer.
func (s *sarifWriter) Findings(list []Finding) error {
	for i := range list {
		f := &list[i]
		if f.Dropped != "" && !f.suppressed() {
			continue
		}
		if s.n == sarifResults {
			s.left++
			continue
		}
		s.n++
		if err := s.item(s.result(f)); err != nil {
			return err
		}
	}
	return nil
}

// suppressed reports whether an allowance dropped the finding, not its content.
func (f *Finding) suppressed() bool {
	switch f.DroppedAs {
	case patterns.ByPath, patterns.ByMark, patterns.ByConfig, patterns.ByBaseline, patterns.ByServer:
		return true
	}
	return false
}

// End implements Writer.
func (s *sarifWriter) End(sum Summary) error {
	run := sarifRun{
		Tool:              sarifTool{s.driver()},
		Invocations:       []sarifInvocation{s.invocation(sum)},
		AutomationDetails: sarifAutomation{"keyguard/"},
		ColumnKind:        "unicodeCodePoints",
		BaseIDs:           map[string]sarifBase{sarifRoot: {sarifMessage{Text: "The top of the repository, or the scanned directory."}}},
	}
	if r := s.o.Repository; r != nil && r.URI != "" {
		run.Provenance = []sarifProvenance{{r.URI, r.Revision, r.Branch, sarifArtifact{BaseID: sarifRoot}}}
	}
	text, err := encode(run, "    ")
	if err != nil {
		return err
	}
	return s.close("]," + strings.TrimPrefix(text, "{") + "\n  ]\n}\n")
}

func (s *sarifWriter) result(f *Finding) sarifResult {
	rule := s.rule(f)
	out := sarifResult{
		RuleID: f.RuleID, RuleIndex: rule.index, Level: sarifLevel(f.Severity),
		Locations:    []sarifLocation{{Physical: s.physical(f, f.Span, f.Secret, f.Excerpt)}},
		Fingerprints: map[string]string{"keyguard/v2": f.Fingerprint},
		Properties:   sarifResultProperties{f.AccessKeyID, f.AccountID, f.Canary, f.Confidence, f.Severity, f.DecodedFrom, "", false},
	}
	links := ""
	for i, p := range f.Related[:min(len(f.Related), sarifRelated)] {
		kind := words(p.Kind)
		out.Related = append(out.Related, sarifLocation{ID: i + 1, Physical: s.physical(f, p.Span, p.Secret, ""), Message: &sarifMessage{Text: "the " + kind + " of this credential"}})
		links += fmt.Sprintf(" See [its %s](%d).", sarifText(kind), i+1)
	}
	out.Message.Text = sarifText(f.headline()) + "." + links
	if f.Fix != "" {
		out.Message.Text += " To fix it: " + sarifText(f.Fix) + "."
	}
	if h := f.History; h != nil {
		out.Properties.Commit, out.Properties.AtOrBefore = h.Commit, h.AtOrBefore
		if !h.InHead || f.Path == "" {
			// GitHub's uploader computes this fingerprint from the checked-out file. Here
			// the file may not exist.
			out.Partial = map[string]string{"primaryLocationLineHash": f.Fingerprint + ":1"}
		}
	}
	if f.Dropped != "" {
		out.Suppressions = []sarifSuppression{{f.suppressionKind(), "accepted", f.reason()}}
	}
	return out
}

func (f *Finding) suppressionKind() string {
	if f.DroppedAs == patterns.ByMark {
		return "inSource"
	}
	return "external"
}

func (s *sarifWriter) physical(f *Finding, span Span, secret, excerpt string) sarifPhysical {
	path := f.fromTop(s.o.Repository)
	p := sarifPhysical{Artifact: sarifArtifact{URI: uri(path)}, Region: sarifRegion{StartLine: max(span.Line, 1), StartColumn: max(span.Column, 1)}}
	p.Region.EndLine = max(span.EndLine, p.Region.StartLine)
	if p.Region.EndColumn = max(span.EndColumn, 1); p.Region.EndLine == p.Region.StartLine {
		p.Region.EndColumn = max(span.EndColumn, p.Region.StartColumn)
	}
	if !isAbsolute(path) {
		p.Artifact.BaseID = sarifRoot
	}
	if secret != "" {
		p.Region.Snippet = &sarifMessage{Text: Printable(secret)}
	}
	if excerpt != "" {
		p.Context = &sarifRegion{StartLine: p.Region.StartLine, EndLine: p.Region.EndLine, Snippet: &sarifMessage{Text: Printable(excerpt)}}
	}
	return p
}

// rule returns the rule of a finding, with the highest severity and confidence of its
// findings.
func (s *sarifWriter) rule(f *Finding) *sarifRule {
	r := s.rules[f.RuleID]
	if r == nil {
		title, description := Printable(f.Title), Printable(f.Description)
		if title == "" {
			title = Printable(f.RuleID)
		}
		if description == "" {
			description = title
		}
		r = &sarifRule{ID: f.RuleID, Name: pascal(f.RuleID), Short: sarifMessage{Text: title + "."}, Full: sarifMessage{Text: description}, index: len(s.order)}
		r.HelpURI = "https://github.com/keyguard/keyguard/blob/main/docs/leaked.md"
		r.Help.Text, r.Help.Markdown = helpText(title, f.Kind, f.Family)
		r.Properties.Tags = []string{"security", "secrets", "external/cwe/cwe-798"}
		s.rules[f.RuleID] = r
		s.order = append(s.order, f.RuleID)
	}
	r.severity, r.confidence = max(r.severity, f.Severity), max(r.confidence, f.Confidence)
	r.Default.Level = sarifLevel(r.severity)
	// GitHub: critical above 9.0, high from 7.0, medium from 4.0.
	r.Properties.Severity = map[patterns.Severity]string{0: "5.5", patterns.Low: "3.0", patterns.Medium: "5.5", patterns.High: "8.0", patterns.Critical: "9.5"}[r.severity]
	r.Properties.Precision = r.confidence.String()
	return r
}

func (s *sarifWriter) driver() sarifDriver {
	d := sarifDriver{Name: "keyguard", FullName: "keyguard " + s.o.Version, Version: s.o.Version, URI: "https://github.com/keyguard/keyguard", Rules: []sarifRule{}}
	for _, id := range s.order {
		d.Rules = append(d.Rules, *s.rules[id])
	}
	return d
}

func (s *sarifWriter) invocation(sum Summary) sarifInvocation {
	v := sarifInvocation{Successful: sum.Complete() && !sum.StaleFails, Execution: []sarifNotification{}}
	if !sum.Started.IsZero() {
		v.Start, v.End = sum.Started.UTC().Format(time.RFC3339), sum.Started.Add(sum.Duration).UTC().Format(time.RFC3339)
	}
	for _, e := range sum.Errors {
		v.Execution = append(v.Execution, notify("error", e))
	}
	if sum.Partial != "" {
		v.Execution = append(v.Execution, notify("error", "the scan ended early: "+sum.Partial))
	}
	if s.left > 0 {
		v.Execution = append(v.Execution, notify("error",
			fmt.Sprintf("%s not in this report, which has the %d that GitHub accepts per run; write JSON to get all", plural(s.left, "finding"), sarifResults)))
	}
	v.Execution = append(v.Execution, notify("note", sum.String()))
	for _, stale := range sum.Stale {
		v.Configuration = append(v.Configuration, notify("warning", stale.Place+": "+stale.Problem+": "+stale.Reason))
	}
	return v
}

func notify(level, text string) sarifNotification {
	return sarifNotification{level, sarifMessage{Text: sarifText(Printable(text))}}
}

func sarifLevel(s patterns.Severity) string {
	switch s {
	case patterns.Critical, patterns.High:
		return "error"
	case patterns.Medium:
		return "warning"
	}
	return "note"
}

// pascal converts an ID such as aws-key-pair to a name such as AwsKeyPair.
func pascal(id string) string {
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		first, n := utf8.DecodeRuneInString(part)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(part[n:])
	}
	return b.String()
}

// sarifText escapes the syntax of links and placeholders in messages.
func sarifText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}
