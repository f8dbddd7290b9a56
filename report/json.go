package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

// jsonWriter writes one document, findings as they come.
type jsonWriter struct {
	w     io.Writer
	o     Options
	begun bool
}

func newJSON(w io.Writer, o Options) *jsonWriter { return &jsonWriter{w: w, o: o} }

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

// Findings implements Writer.
func (j *jsonWriter) Findings(list []Finding) error {
	for i := range list {
		if err := j.finding(&list[i]); err != nil {
			return err
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

func (j *jsonWriter) finding(f *Finding) error {
	comma := ","
	if !j.begun {
		comma = ""
	}
	if err := j.begin(); err != nil {
		return err
	}
	data, err := encode(f, "    ")
	if err != nil {
		return err
	}
	return j.write(comma, "\n    ", data)
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
