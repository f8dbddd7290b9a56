package report

import (
	"fmt"
	"io"
	"strings"
)

// gitleaksWriter writes the JSON of gitleaks 8, which many programs import.
type gitleaksWriter struct {
	document
	o Options
}

func newGitleaks(w io.Writer, o Options) *gitleaksWriter {
	return &gitleaksWriter{document{w: w, indent: "  "}, o}
}

type gitleaksFinding struct {
	RuleID      string
	Description string
	StartLine   int
	EndLine     int
	StartColumn int
	EndColumn   int
	Match       string
	Secret      string
	File        string
	SymlinkFile string
	Commit      string
	Entropy     float64
	Author      string
	Email       string
	Date        string
	Message     string
	Tags        []string
	Fingerprint string // of gitleaks: derived from the location

	// Extensions to the fields of gitleaks.
	FileBytes string         `json:",omitempty"` // base64, if File is not UTF-8
	Related   []gitleaksPart `json:",omitempty"` // the values of the other parts, with Options.Reveal
}

type gitleaksPart struct{ Kind, Secret string }

// Begin implements Writer.
func (g *gitleaksWriter) Begin() error { return g.write("[") }

// Findings implements Writer.
func (g *gitleaksWriter) Findings(list []Finding) error {
	for i := range list {
		if list[i].Dropped != "" {
			continue
		}
		if err := g.item(newGitleaksFinding(&list[i], g.o)); err != nil {
			return err
		}
	}
	return nil
}

func newGitleaksFinding(f *Finding, o Options) gitleaksFinding {
	out := gitleaksFinding{
		RuleID: f.RuleID, Description: sentence(f.Description, f.Title), StartLine: f.Line, EndLine: f.EndLine, StartColumn: f.Column, EndColumn: f.EndColumn,
		Match: f.Excerpt, Secret: f.Secret, File: f.fromTop(o.Repository), Tags: []string{f.Severity.String(), string(f.Kind)},
	}
	if f.AccessKeyID != "" && !f.Kind.IsPublic() {
		out.Tags = append(out.Tags, f.AccessKeyID)
	}
	out.Fingerprint = fmt.Sprintf("%s:%s:%d", out.File, f.RuleID, f.Line)
	out.FileBytes = bytesOf(out.File)
	for _, p := range f.others() {
		out.Related = append(out.Related, gitleaksPart{string(p.Kind), p.Secret})
	}
	if f.Evidence != nil {
		out.Entropy = f.Evidence.Entropy
	}
	if h := f.History; h != nil {
		out.Commit, out.Date = h.Commit, h.Date
		name, mail, _ := strings.Cut(strings.TrimSuffix(h.Author, ">"), "<")
		out.Author, out.Email = strings.TrimSpace(name), mail
		out.Fingerprint = h.Commit + ":" + out.Fingerprint
		if h.AtOrBefore {
			out.Tags = append(out.Tags, atOrBefore)
		}
	}
	return out
}

// End implements Writer. The format has no summary; the exit code reports unread inputs.
func (g *gitleaksWriter) End(Summary) error {
	return g.close("]\n")
}
