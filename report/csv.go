package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// csvWriter writes a table (RFC 4180) for spreadsheets, with one row per finding.
type csvWriter struct{ w *csv.Writer }

func newCSV(w io.Writer) *csvWriter { return &csvWriter{w: csv.NewWriter(w)} }

// Begin implements Writer.
func (c *csvWriter) Begin() error {
	c.row(columns()...)
	return c.flush()
}

func columns() []string {
	return []string{
		"severity", "confidence", "rule", "title", "path", "line", "column", "access_key_id", "account_id", "secret",
		"commit", "author", "date", "in_head", "dropped", "fix", "fingerprint",
		"origin", "related",
	}
}

// problem writes a row for an error.
func (c *csvWriter) problem(text string) {
	row := make([]string, len(columns()))
	row[0], row[3] = "error", text
	c.row(row...)
}

func (c *csvWriter) flush() error {
	c.w.Flush()
	return c.w.Error()
}

// row writes cells. flush returns its errors.
func (c *csvWriter) row(cells ...string) {
	for i := range cells {
		cells[i] = cell(cells[i])
	}
	_ = c.w.Write(cells)
}

// cell escapes text so that spreadsheets do not evaluate it as a formula.
func cell(text string) string {
	text = Printable(text)
	if text != "" && strings.ContainsRune("=+-@\t＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

// Findings implements Writer.
func (c *csvWriter) Findings(list []Finding) error {
	for i := range list {
		f := &list[i]
		h := f.History
		inHead, origin := "", ""
		if h == nil {
			h = &History{}
		} else {
			inHead = strconv.FormatBool(h.InHead)
		}
		if h.AtOrBefore {
			origin = atOrBefore + " commit"
		}
		var related []string
		for _, p := range f.others() {
			related = append(related, string(p.Kind)+"="+p.Secret)
		}
		dropped := ""
		if f.Dropped != "" {
			dropped = f.reason()
		}
		c.row(f.Severity.String(), f.Confidence.String(), f.RuleID, f.Title, f.Path, strconv.Itoa(f.Line), strconv.Itoa(f.Column), f.AccessKeyID, f.AccountID,
			f.Secret, h.Commit, h.Author, h.Date, inHead, dropped, f.Fix, f.Fingerprint,
			origin, strings.Join(related, "; "))
	}
	return c.flush()
}

// End implements Writer. Each error has a row; the rest of the summary is left out.
func (c *csvWriter) End(s Summary) error {
	for _, e := range s.Errors {
		c.problem("not read: " + e)
	}
	if s.Partial != "" {
		c.problem("the scan ended early: " + s.Partial)
	}
	return c.flush()
}
