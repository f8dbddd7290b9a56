package report

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// jsonWriter writes one document, findings as they come.
type jsonWriter struct {
	w     io.Writer
	o     Options
	begun bool
}

func newJSON(w io.Writer, o Options) *jsonWriter { return &jsonWriter{w: w, o: o} }

// jsonFinding is a finding as the JSON formats have it. What does not apply is
// absent.
type jsonFinding struct {
	RuleID       string              `json:"rule_id"`
	Kind         patterns.Kind       `json:"kind"`
	Title        string              `json:"title"`
	Severity     patterns.Severity   `json:"severity"`
	Confidence   patterns.Confidence `json:"confidence"`
	Path         string              `json:"path,omitempty"`
	PathBytes    string              `json:"path_bytes,omitempty"` // base64, if the path is not UTF-8
	Line         int                 `json:"line"`
	Column       int                 `json:"column"`
	EndLine      int                 `json:"end_line"`
	EndColumn    int                 `json:"end_column"`
	AccessKeyID  string              `json:"access_key_id,omitempty"`
	AccountID    string              `json:"account_id,omitempty"`
	LongTerm     *bool               `json:"long_term,omitempty"` // only with a key id
	Canary       bool                `json:"canary,omitempty"`
	Secret       string              `json:"secret"`
	SecretSHA256 string              `json:"secret_sha256"`
	Fingerprint  string              `json:"fingerprint"`
	DecodedFrom  string              `json:"decoded_from,omitempty"`
	Dropped      string              `json:"dropped,omitempty"`
	DroppedBy    string              `json:"dropped_by,omitempty"` // the entry or mark: its place, its reason
	Note         string              `json:"note,omitempty"`
	Evidence     *Evidence           `json:"evidence,omitempty"` // with --why
	Related      []jsonPart          `json:"related,omitempty"`
	Object       string              `json:"object,omitempty"`
	*jsonHistory
}

// jsonHistory is what is added to findings from history.
type jsonHistory struct {
	Commit    string   `json:"commit,omitempty"`
	Author    string   `json:"author,omitempty"`
	Date      string   `json:"date,omitempty"` // RFC 3339
	Message   bool     `json:"in_message,omitempty"`
	Tag       string   `json:"tag,omitempty"`
	Reachable bool     `json:"reachable"`
	InHead    bool     `json:"in_head"`
	Commits   int      `json:"commits"`
	Paths     []string `json:"other_paths,omitempty"`
	Branches  []string `json:"branches,omitempty"`
	Tags      []string `json:"tags,omitempty"`
}

func newJSONHistory(h *scanner.History) *jsonHistory {
	if h == nil {
		return nil
	}
	out := &jsonHistory{
		Commit: h.Commit, Author: scanner.MaskRandom(h.Author), Message: h.Message, Tag: scanner.MaskRandom(h.Tag), Reachable: h.Reachable,
		InHead: h.InHead, Commits: h.Commits, Paths: h.Paths, Branches: h.Branches, Tags: h.Tags,
	}
	if !h.Date.IsZero() {
		out.Date = h.Date.Format(time.RFC3339)
	}
	return out
}

type jsonPart struct {
	RuleID    string        `json:"rule_id"`
	Kind      patterns.Kind `json:"kind"`
	Line      int           `json:"line"`
	Column    int           `json:"column"`
	EndLine   int           `json:"end_line"`
	EndColumn int           `json:"end_column"`
}

type jsonSummary struct {
	Scanned    jsonScanned    `json:"scanned"`
	Findings   int            `json:"findings"`
	Dropped    map[string]int `json:"dropped,omitempty"`
	Skipped    []jsonSkipped  `json:"skipped"`
	Stale      []Stale        `json:"stale_allowances,omitempty"`
	Errors     []string       `json:"errors"`
	Partial    string         `json:"partial,omitempty"`
	DurationMS int64          `json:"duration_ms"`
}

type jsonScanned struct {
	Files   int          `json:"files"`
	Bytes   int64        `json:"bytes"`
	Objects *jsonObjects `json:"objects,omitempty"`
}

type jsonObjects struct {
	Commits       int64 `json:"commits"`
	Trees         int64 `json:"trees"`
	Blobs         int64 `json:"blobs"`
	Tags          int64 `json:"tags"`
	InflatedBytes int64 `json:"inflated_bytes"`
	ScannedBytes  int64 `json:"scanned_bytes"`
	Missing       int64 `json:"missing"`
	Shallow       bool  `json:"shallow"`
	AttributionMS int64 `json:"attribution_ms"`
}

func newJSONObjects(o *Objects) *jsonObjects {
	if o == nil {
		return nil
	}
	return &jsonObjects{o.Commits, o.Trees, o.Blobs, o.Tags, o.Inflated, o.Scanned, o.Missing, o.Shallow, o.Attribution.Milliseconds()}
}

type jsonSkipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// Result implements Writer.
func (j *jsonWriter) Result(r *scanner.Result) error {
	lists := [][]scanner.Finding{r.Findings}
	if j.o.Why {
		lists = append(lists, r.Dropped)
	}
	for _, list := range lists {
		for i := range list {
			if err := j.finding(&list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *jsonWriter) begin() error {
	if j.begun {
		return nil
	}
	j.begun = true
	version, err := encode(j.o.Version, "")
	if err != nil {
		return err
	}
	return j.write("{\n  \"version\": ", version, ",\n  \"findings\": [")
}

func (j *jsonWriter) finding(f *scanner.Finding) error {
	comma := ","
	if !j.begun {
		comma = ""
	}
	if err := j.begin(); err != nil {
		return err
	}
	out := newJSONFinding(f, j.o.Reveal)
	if j.o.Why {
		out.Evidence = newEvidence(f)
	}
	data, err := encode(out, "    ")
	if err != nil {
		return err
	}
	return j.write(comma, "\n    ", data)
}

func newJSONFinding(f *scanner.Finding, reveal bool) jsonFinding {
	out := jsonFinding{
		RuleID: f.RuleID, Kind: f.Kind, Title: f.Title, Severity: f.Severity, Confidence: f.Confidence,
		Path: f.Origin.Path, Line: f.Span.Line, Column: f.Span.Column, EndLine: f.Span.EndLine, EndColumn: f.Span.EndColumn,
		AccessKeyID: f.KeyID, AccountID: f.Account, Secret: f.Secret.String(), SecretSHA256: f.Secret.SHA256(),
		Fingerprint: f.Fingerprint(), DecodedFrom: f.DecodedFrom, Dropped: f.Drop, DroppedBy: f.DropBy, Note: f.Note,
		Object: f.Origin.Object, jsonHistory: newJSONHistory(f.Origin.History),
	}
	if f.KeyID != "" {
		longTerm := patterns.LongTerm(f.KeyID)
		out.LongTerm = &longTerm
		_, out.Canary = patterns.Canary(f.Account)
	}
	if reveal || f.Kind == patterns.AccessKeyID {
		out.Secret = f.Secret.Reveal()
	}
	if !utf8.ValidString(out.Path) {
		out.PathBytes = base64.StdEncoding.EncodeToString([]byte(out.Path))
	}
	for _, p := range f.Related {
		out.Related = append(out.Related, jsonPart{p.RuleID, p.Kind, p.Span.Line, p.Span.Column, p.Span.EndLine, p.Span.EndColumn})
	}
	return out
}

// End implements Writer.
func (j *jsonWriter) End(s Summary) error {
	empty := !j.begun
	if err := j.begin(); err != nil {
		return err
	}
	out := jsonSummary{
		Scanned: jsonScanned{s.Files, s.Bytes, newJSONObjects(s.Objects)}, Findings: s.Findings, Dropped: s.Dropped,
		Skipped: []jsonSkipped{}, Stale: s.Stale, Errors: append([]string{}, s.Errors...), Partial: s.Partial, DurationMS: s.Duration.Milliseconds(),
	}
	for _, skipped := range s.Skipped {
		out.Skipped = append(out.Skipped, jsonSkipped(skipped))
	}
	data, err := encode(out, "  ")
	if err != nil {
		return err
	}
	end := "\n  ],\n  \"summary\": "
	if empty {
		end = "],\n  \"summary\": "
	}
	return j.write(end, data, "\n}\n")
}

func (j *jsonWriter) write(parts ...string) error {
	for _, p := range parts {
		if _, err := io.WriteString(j.w, p); err != nil {
			return err
		}
	}
	return nil
}

// encode returns v as indented JSON in which no CI system sees a command, and
// no terminal anything but text.
func encode(v any, prefix string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	if err := e.Encode(v); err != nil {
		return "", err
	}
	out := strings.ReplaceAll(strings.TrimRight(b.String(), "\n"), "##", `#\u0023`)
	if strings.IndexFunc(out, unseen) < 0 {
		return out, nil
	}
	b.Reset()
	for _, r := range out {
		if !unseen(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String(), nil
}

// unseen reports what encoding/json leaves in strings but is no visible
// character: controls beyond ASCII, and what rearranges text.
func unseen(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }
