package report

import (
	"io"
	"strings"
	"time"

	"github.com/keyguard/keyguard/scanner"
)

// jsonWriter writes one document, findings as they come.
type jsonWriter struct {
	document
	o Options
}

func newJSON(w io.Writer, o Options) *jsonWriter {
	return &jsonWriter{document{w: w, indent: "    "}, o}
}

// jsonHead is what a report begins with.
type jsonHead struct {
	Version    string      `json:"version"` // of keyguard
	Repository *Repository `json:"repository,omitempty"`
}

func (j *jsonWriter) begin() error {
	head, err := encode(jsonHead{j.o.Version, j.o.Repository}, "")
	if err != nil {
		return err
	}
	return j.open(strings.TrimSuffix(head, "\n}") + ",\n  \"findings\": [")
}

// Findings implements Writer.
func (j *jsonWriter) Findings(list []Finding) error {
	for i := range list {
		if err := j.begin(); err != nil {
			return err
		}
		if err := j.item(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// End implements Writer.
func (j *jsonWriter) End(s Summary) error {
	if err := j.begin(); err != nil {
		return err
	}
	text, err := encode(newJSONSummary(s), "  ")
	if err != nil {
		return err
	}
	return j.close("],\n  \"summary\": " + text + "\n}\n")
}

// jsonSummary is Summary in JSON.
type jsonSummary struct {
	Scanned    jsonScanned    `json:"scanned"`
	Findings   int            `json:"findings"`
	Dropped    map[string]int `json:"dropped,omitempty"`
	Skipped    []jsonSkipped  `json:"skipped"`
	Stale      []Stale        `json:"stale_allowances,omitempty"`
	StaleFails bool           `json:"stale_fails,omitempty"`
	Errors     []string       `json:"errors"`
	Partial    string         `json:"partial,omitempty"`
	Started    *time.Time     `json:"started,omitempty"`
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

type jsonSkipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

func newJSONSummary(s Summary) jsonSummary {
	out := jsonSummary{
		Scanned: jsonScanned{Files: s.Files, Bytes: s.Bytes}, Findings: s.Findings, Dropped: s.Dropped, Skipped: []jsonSkipped{},
		Stale: s.Stale, StaleFails: s.StaleFails, Errors: append([]string{}, s.Errors...), Partial: s.Partial, DurationMS: s.Duration.Milliseconds(),
	}
	if o := s.Objects; o != nil {
		out.Scanned.Objects = &jsonObjects{o.Commits, o.Trees, o.Blobs, o.Tags, o.Inflated, o.Scanned, o.Missing, o.Shallow, o.Attribution.Milliseconds()}
	}
	for _, skipped := range s.Skipped {
		out.Skipped = append(out.Skipped, jsonSkipped(skipped))
	}
	if !s.Started.IsZero() {
		started := s.Started.UTC().Truncate(time.Second)
		out.Started = &started
	}
	return out
}

// summary is the way back.
func (j *jsonSummary) summary() Summary {
	out := Summary{
		Files: j.Scanned.Files, Bytes: j.Scanned.Bytes, Findings: j.Findings, Dropped: j.Dropped, Stale: j.Stale, StaleFails: j.StaleFails,
		Errors: j.Errors, Partial: j.Partial, Duration: time.Duration(j.DurationMS) * time.Millisecond,
	}
	if o := j.Scanned.Objects; o != nil {
		out.Objects = &Objects{o.Commits, o.Trees, o.Blobs, o.Tags, o.InflatedBytes, o.ScannedBytes, o.Missing, o.Shallow, time.Duration(o.AttributionMS) * time.Millisecond}
	}
	for _, skipped := range j.Skipped {
		out.Skipped = append(out.Skipped, scanner.Skipped(skipped))
	}
	if j.Started != nil && j.Started.UTC().Year() <= 9999 { // another zone's last hours are beyond what JSON can say
		out.Started = *j.Started
	}
	return out
}
