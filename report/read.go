package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/keyguard/keyguard/scanner"
)

// Report is a report that was read.
type Report struct {
	Version    string // of the keyguard that wrote it
	Repository *Repository
	Findings   []Finding // those that were dropped, too, if it has them
	Summary    Summary
}

// ErrNoReport says that something is no report of keyguard's.
var ErrNoReport = errors.New("not a JSON or JSON Lines report of keyguard")

// Read reads a report that was written as JSON or JSON Lines. Whoever gave it
// may have written anything: what does not make sense is an error, and without
// reveal, what looks like a secret is masked again. A report without an end is
// one whose Summary has Partial set.
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
		if !reveal {
			f.mask()
		}
	}
	out.Summary.Findings = out.count()
	if !reveal {
		out.Summary.mask()
		out.Repository.mask()
		out.Version = scanner.MaskRandom(out.Version)
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
		Summary  *jsonSummary `json:"summary"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNoReport, scanner.MaskRandom(err.Error()))
	}
	if doc.Findings == nil || doc.Summary == nil {
		return nil, ErrNoReport
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows the report")
	}
	return &Report{doc.Version, doc.Repository, *doc.Findings, doc.Summary.summary()}, nil
}

func readLines(d *json.Decoder, first json.RawMessage) (*Report, error) {
	var head jsonHead
	if err := json.Unmarshal(first, &head); err != nil {
		return nil, fmt.Errorf("line 1: %s", scanner.MaskRandom(err.Error()))
	}
	out := &Report{Version: head.Version, Repository: head.Repository}
	for n := 2; ; n++ {
		var text json.RawMessage
		err := d.Decode(&text)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			out.Summary.Partial = "the report has no end: it was cut off"
			return out, nil
		}
		var end bool
		if err == nil {
			end, err = out.line(text)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %s", n, scanner.MaskRandom(err.Error()))
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
		return false, err
	}
	switch kind.Type {
	case findingLine:
		var f Finding
		err = json.Unmarshal(text, &f)
		r.Findings = append(r.Findings, f)
		return false, err
	case summaryLine:
		var s jsonSummary
		err = json.Unmarshal(text, &s)
		r.Summary = s.summary()
		return true, err
	}
	return false, fmt.Errorf("there is no line of type %q", kind.Type)
}

// count returns how many findings there are, whatever the summary says.
func (r *Report) count() (n int) {
	for i := range r.Findings {
		if r.Findings[i].Dropped == "" {
			n++
		}
	}
	return n
}

// Write writes the report's findings, blob by blob, and its summary.
func (r *Report) Write(w Writer) error {
	for start := 0; start < len(r.Findings); {
		end := start + 1
		for end < len(r.Findings) && r.Findings[end].sameBlob(&r.Findings[start]) {
			end++
		}
		if err := w.Findings(r.Findings[start:end]); err != nil {
			return err
		}
		start = end
	}
	return w.End(r.Summary)
}

// sameBlob reports whether two findings that follow each other came from one
// blob: what was dropped comes last there.
func (f *Finding) sameBlob(first *Finding) bool {
	return f.Path == first.Path && f.Object == first.Object && (f.Dropped != "" || first.Dropped == "")
}
