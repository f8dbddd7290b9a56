package report

import "io"

// linesWriter writes JSON Lines: a start line, findings as they arrive, and a summary. A
// report without a summary was truncated.
type linesWriter struct {
	w io.Writer
	o Options
}

// Types of lines.
const (
	startLine   = "start"
	findingLine = "finding"
	summaryLine = "summary"
)

func newLines(w io.Writer, o Options) *linesWriter { return &linesWriter{w: w, o: o} }

// Begin implements Writer.
func (l *linesWriter) Begin() error {
	return l.line(struct {
		Type string `json:"type"`
		jsonHead
	}{startLine, newJSONHead(l.o)})
}

// Findings implements Writer.
func (l *linesWriter) Findings(list []Finding) error {
	for i := range list {
		if err := l.line(struct {
			Type string `json:"type"`
			*Finding
		}{findingLine, list[i].wire()}); err != nil {
			return err
		}
	}
	return nil
}

// End implements Writer.
func (l *linesWriter) End(s Summary) error {
	return l.line(struct {
		Type string `json:"type"`
		jsonSummary
	}{summaryLine, newJSONSummary(s)})
}

func (l *linesWriter) line(v any) error {
	text, err := encodeLine(v)
	if err != nil {
		return err
	}
	_, err = io.WriteString(l.w, text+"\n")
	return err
}
