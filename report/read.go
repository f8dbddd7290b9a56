package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// ErrNoReport says that something is no report of keyguard's.
var ErrNoReport = errors.New("not a JSON or JSON Lines report of keyguard")

// Read reads a report that was written as JSON or JSON Lines. Whoever gave it
// may have written anything: what does not make sense is an error, which quotes
// nothing of the report, and without reveal, what may be a secret is masked again.
// Of a report without an end, or whose summary contradicts its findings, Summary has
// Partial set.
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
	out.Summary.Findings = out.count()
	if reveal {
		return out, nil
	}
	if err := out.mask(); err != nil {
		return nil, err
	}
	return out, nil
}

// notJSON tells a report that was cut off from what is none.
func notJSON(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle: it was cut off")
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
		return nil, errors.New("something follows the report")
	}
	out := doc.report()
	out.Findings = *doc.Findings
	return out, out.end(doc.Summary)
}

// report returns a report that begins so.
func (h *jsonHead) report() *Report {
	return &Report{Version: h.Version, Repository: h.Repository, revealed: h.Revealed == nil || *h.Revealed}
}

// unfit says what does not fit of a text that is JSON. It quotes no value.
func unfit(err error) error {
	if field := (*json.UnmarshalTypeError)(nil); errors.As(err, &field) && field.Field != "" {
		return fmt.Errorf("%s has a value of another type", field.Field)
	}
	return errors.New("a value is none that keyguard writes")
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
			out.Summary.Partial = "the report has no end: it was cut off"
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
			return nil, fmt.Errorf("line %d: something follows the summary", n+1)
		}
		return out, nil
	}
}

// line adds a line of JSON Lines to the report. The summary is its end.
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
	return false, errors.New("it is of no type that keyguard writes")
}

// readSummary is a summary that was read, and may lack what it must have.
type readSummary struct {
	jsonSummary
	Findings *int      `json:"findings"`
	Errors   *[]string `json:"errors"`
}

// end takes the summary of a report whose findings have been read. One that contradicts
// them makes the report one that was not read to its end.
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

// contradiction says what of a summary cannot be; empty if nothing.
func (r *Report) contradiction(s *readSummary) string {
	if s.Findings == nil || s.Errors == nil {
		return "the report's summary is not complete"
	}
	if n := r.count(); n != *s.Findings {
		return fmt.Sprintf("the report's summary counts %s, the report has %d", plural(*s.Findings, "finding"), n)
	}
	dropped := make(map[string]int)
	for i := range r.Findings {
		if reason := r.Findings[i].Dropped; reason != "" {
			dropped[reason]++
		}
	}
	for reason, n := range dropped {
		if n > s.Dropped[reason] {
			return "the report lists more that was dropped than its summary counts"
		}
	}
	return ""
}
