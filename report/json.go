package report

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// jsonWriter writes one document, findings as they arrive.
type jsonWriter struct {
	document
	o Options
}

func newJSON(w io.Writer, o Options) *jsonWriter {
	return &jsonWriter{document{w: w, indent: "    "}, o}
}

// jsonHead is the start of a report.
type jsonHead struct {
	Version    string      `json:"version"`  // of keyguard
	Format     int         `json:"format"`   // 2; 0 in reports of earlier versions
	Revealed   *bool       `json:"revealed"` // Options.Reveal; nil in reports of earlier versions
	Repository *Repository `json:"repository,omitempty"`
}

// reportFormat is the version of the JSON. Format 2 introduced short fingerprints.
const reportFormat = 2

func newJSONHead(o Options) jsonHead {
	return jsonHead{o.Version, reportFormat, &o.Reveal, o.Repository.wire()}
}

// Begin implements Writer.
func (j *jsonWriter) Begin() error {
	head, err := encode(newJSONHead(j.o), "")
	if err != nil {
		return err
	}
	return j.write(strings.TrimSuffix(head, "\n}") + ",\n  \"findings\": [")
}

// Findings implements Writer.
func (j *jsonWriter) Findings(list []Finding) error {
	for i := range list {
		if err := j.item(list[i].wire()); err != nil {
			return err
		}
	}
	return nil
}

// End implements Writer.
func (j *jsonWriter) End(s Summary) error {
	text, err := encode(newJSONSummary(s), "  ")
	if err != nil {
		return err
	}
	return j.close("],\n  \"summary\": " + text + "\n}\n")
}

// jsonSummary is Summary in JSON.
type jsonSummary struct {
	Scanned    jsonScanned       `json:"scanned"`
	Findings   int               `json:"findings"`
	Below      int               `json:"below_fail_on,omitempty"`
	FailOn     patterns.Severity `json:"fail_on,omitzero"`
	Dropped    map[string]int    `json:"dropped,omitempty"`
	Skipped    []jsonSkipped     `json:"skipped"`
	Stale      []Stale           `json:"stale_allowances,omitempty"`
	StaleFails bool              `json:"stale_fails,omitempty"`
	Errors     []string          `json:"errors"`
	Partial    string            `json:"partial,omitempty"`
	Started    *time.Time        `json:"started,omitempty"`
	DurationMS int64             `json:"duration_ms"`
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
	Path      string `json:"path"`
	PathBytes string `json:"path_bytes,omitempty"`
	Reason    string `json:"reason"`
}

func newJSONSummary(s Summary) jsonSummary {
	out := jsonSummary{
		Scanned: jsonScanned{Files: s.Files, Bytes: s.Bytes}, Findings: s.Findings, Below: s.Below, FailOn: s.FailOn, Dropped: s.Dropped, Skipped: []jsonSkipped{},
		StaleFails: s.StaleFails, Errors: append([]string{}, each(s.Errors, readable)...), Partial: readable(s.Partial), DurationMS: s.Duration.Milliseconds(),
	}
	if o := s.Objects; o != nil {
		out.Scanned.Objects = &jsonObjects{o.Commits, o.Trees, o.Blobs, o.Tags, o.Inflated, o.Scanned, o.Missing, o.Shallow, o.Attribution.Milliseconds()}
	}
	for _, skipped := range s.Skipped {
		out.Skipped = append(out.Skipped, jsonSkipped{skipped.Path, bytesOf(skipped.Path), readable(skipped.Reason)})
	}
	for _, entry := range s.Stale {
		out.Stale = append(out.Stale, Stale{entry.Place, bytesOf(entry.Place), readable(entry.Problem), readable(entry.Reason)})
	}
	if !s.Started.IsZero() {
		started := s.Started.UTC().Truncate(time.Second)
		out.Started = &started
	}
	return out
}

// summary converts the JSON to a Summary.
func (j *jsonSummary) summary() Summary {
	out := Summary{
		Files: j.Scanned.Files, Bytes: j.Scanned.Bytes, Findings: j.Findings, Below: j.Below, FailOn: j.FailOn, Dropped: j.Dropped, Stale: j.Stale, StaleFails: j.StaleFails,
		Errors: j.Errors, Partial: j.Partial, Duration: time.Duration(j.DurationMS) * time.Millisecond,
	}
	if o := j.Scanned.Objects; o != nil {
		out.Objects = &Objects{o.Commits, o.Trees, o.Blobs, o.Tags, o.InflatedBytes, o.ScannedBytes, o.Missing, o.Shallow, time.Duration(o.AttributionMS) * time.Millisecond}
	}
	for _, skipped := range j.Skipped {
		out.Skipped = append(out.Skipped, scanner.Skipped{Path: skipped.Path, Reason: skipped.Reason})
	}
	if j.Started != nil && j.Started.UTC().Year() <= 9999 { // in another zone the year may exceed the four digits of JSON
		out.Started = *j.Started
	}
	return out
}

func (j *jsonSummary) unwire() error {
	var err error
	for i := range j.Skipped {
		err = errors.Join(err, restore(&j.Skipped[i].Path, &j.Skipped[i].PathBytes, "path"))
	}
	for i := range j.Stale {
		err = errors.Join(err, restore(&j.Stale[i].Place, &j.Stale[i].PlaceBytes, "place"))
	}
	return err
}
