package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// ErrNoReport is the error for input that is not a report of keyguard.
var ErrNoReport = errors.New("not a JSON or JSON Lines report of keyguard")

// Read reads a JSON or JSON Lines report. The input is untrusted: errors do not quote it,
// and unless reveal is set, possible secrets are masked again. If the report has no end,
// or its summary contradicts its findings, Summary.Partial is set.
func Read(r io.Reader, reveal bool) (*Report, error) {
	d := json.NewDecoder(r)
	var first json.RawMessage
	if err := d.Decode(&first); err != nil {
		return nil, notJSON(err)
	}
	var head struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(first, &head) != nil {
		return nil, ErrNoReport
	}
	read := readDocument
	if head.Type == startLine {
		read = readLines
	}
	out, err := read(d, first)
	if err != nil {
		return nil, err
	}
	for i := range out.Findings {
		f := &out.Findings[i]
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("finding %d: %w", i+1, err)
		}
	}
	if err := out.Repository.unwire(); err != nil {
		return nil, err
	}
	if out.format > reportFormat {
		return nil, fmt.Errorf("the report has format %d, and this version reads up to %d", out.format, reportFormat)
	}
	if out.format < reportFormat {
		if err := out.upgrade(); err != nil {
			return nil, err
		}
	}
	out.recount()
	if reveal {
		return out, nil
	}
	if err := out.mask(); err != nil {
		return nil, err
	}
	return out, nil
}

// notJSON distinguishes a truncated report from other input.
func notJSON(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the report is truncated")
	}
	if errors.As(err, new(*json.SyntaxError)) || errors.Is(err, io.EOF) {
		return ErrNoReport
	}
	return err
}

func readDocument(d *json.Decoder, text json.RawMessage) (*Report, error) {
	var doc struct {
		jsonHead
		Findings *[]Finding   `json:"findings"`
		Summary  *readSummary `json:"summary"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoReport, unfit(err))
	}
	if doc.Findings == nil || doc.Summary == nil {
		return nil, ErrNoReport
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("unexpected data after the report")
	}
	out := doc.report()
	out.Findings = *doc.Findings
	return out, out.end(doc.Summary)
}

// report returns a report with this head.
func (h *jsonHead) report() *Report {
	return &Report{Version: h.Version, Repository: h.Repository, revealed: h.Revealed == nil || *h.Revealed, format: h.Format}
}

// unfit describes JSON of another type than a report has, without quoting values.
func unfit(err error) error {
	if field := (*json.UnmarshalTypeError)(nil); errors.As(err, &field) && field.Field != "" {
		return fmt.Errorf("%s has a value of another type", field.Field)
	}
	return errors.New("a value is invalid")
}

func readLines(d *json.Decoder, first json.RawMessage) (*Report, error) {
	var head jsonHead
	if err := json.Unmarshal(first, &head); err != nil {
		return nil, fmt.Errorf("line 1: %w", unfit(err))
	}
	out := head.report()
	for n := 2; ; n++ {
		var text json.RawMessage
		err := d.Decode(&text)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			out.Summary.Partial = "the report is truncated"
			return out, nil
		}
		var end bool
		if err != nil {
			err = notJSON(err)
		} else {
			end, err = out.line(text)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if !end {
			continue
		}
		if _, err := d.Token(); err != io.EOF {
			return nil, fmt.Errorf("line %d: unexpected data after the summary", n+1)
		}
		return out, nil
	}
}

// line adds a line of JSON Lines to the report, and reports whether it was the summary.
func (r *Report) line(text json.RawMessage) (end bool, err error) {
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return false, unfit(err)
	}
	switch kind.Type {
	case findingLine:
		var f Finding
		if err := json.Unmarshal(text, &f); err != nil {
			return false, unfit(err)
		}
		r.Findings = append(r.Findings, f)
		return false, nil
	case summaryLine:
		var s readSummary
		if err := json.Unmarshal(text, &s); err != nil {
			return false, unfit(err)
		}
		return true, r.end(&s)
	}
	return false, errors.New("unknown type")
}

// readSummary is a summary that may lack required fields.
type readSummary struct {
	jsonSummary
	Findings *int      `json:"findings"`
	Errors   *[]string `json:"errors"`
}

// end sets the summary of a report whose findings have been read. A contradiction makes
// the report partial.
func (r *Report) end(s *readSummary) error {
	if s.Errors != nil {
		s.jsonSummary.Errors = *s.Errors
	}
	if err := s.unwire(); err != nil {
		return err
	}
	r.Summary = s.summary()
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Dropped != "" && f.DroppedAs == patterns.NotDropped {
			f.DroppedAs = dropKind(f.Dropped)
		}
	}
	if doubt := r.contradiction(s); doubt != "" {
		r.Summary.Partial = strings.TrimPrefix(r.Summary.Partial+"; "+doubt, "; ")
	}
	return nil
}

// dropKind returns the kind of a reason, for reports without dropped_as.
func dropKind(reason string) patterns.DropBy {
	for prefix, kind := range map[string]patterns.DropBy{
		"allowed by the configuration": patterns.ByConfig,
		"in the baseline":              patterns.ByBaseline,
		"in an excluded path":          patterns.ByPath,
		"let through by ":              patterns.ByServer,
		"key of an emulator ":          patterns.ByEmulator,
	} {
		if strings.HasPrefix(reason, prefix) {
			return kind
		}
	}
	if strings.HasPrefix(reason, "allowed by ") {
		return patterns.ByMark
	}
	return patterns.ByContent
}

// contradiction describes how a summary differs from the findings; "" if it does not.
func (r *Report) contradiction(s *readSummary) string {
	if s.Findings == nil || s.Errors == nil {
		return "the summary of the report is incomplete"
	}
	if n, _ := r.count(); n != *s.Findings {
		return fmt.Sprintf("the summary counts %s, the report contains %d", plural(*s.Findings, "finding"), n)
	}
	dropped := make(map[string]int)
	for i := range r.Findings {
		if reason := r.Findings[i].Dropped; reason != "" {
			dropped[reason]++
		}
	}
	for reason, n := range dropped {
		if n > s.Dropped[reason] {
			return "the report contains more dropped findings than its summary counts"
		}
	}
	return ""
}
