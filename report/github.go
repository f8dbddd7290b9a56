package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// githubWriter writes workflow commands, which GitHub Actions shows as annotations on
// lines: at most ten per level and step. The log contains all.
type githubWriter struct {
	noHeader
	w   io.Writer
	o   Options
	err error
}

func newGitHub(w io.Writer, o Options) *githubWriter { return &githubWriter{w: w, o: o} }

// Findings implements Writer.
func (g *githubWriter) Findings(list []Finding) error {
	for i := range list {
		f := &list[i]
		level := "error"
		switch {
		case f.Dropped != "":
			continue
		case f.Severity == patterns.Medium:
			level = "warning"
		case f.Severity == patterns.Low:
			level = "notice"
		}
		message := f.headline()
		if f.Excerpt != "" {
			message += "\n" + Printable(f.Excerpt)
		}
		for _, p := range f.beside() {
			message += "\n" + p.name + ": " + p.value
		}
		if f.Fix != "" {
			message += "\nfix: " + Printable(f.Fix)
		}
		g.command(level, append(g.place(f), property{"title", "keyguard: " + Printable(f.Title)}), message)
	}
	return g.err
}

// place returns the location. GitHub can show only files of the checked-out commit.
func (g *githubWriter) place(f *Finding) []property {
	if f.Path == "" || f.History != nil && !f.History.InHead {
		return nil
	}
	out := []property{{"file", Printable(f.fromTop(g.o.Repository))}, {"line", fmt.Sprint(max(f.Line, 1))}, {"endLine", fmt.Sprint(max(f.EndLine, f.Line, 1))}}
	if f.EndLine == f.Line { // GitHub accepts columns only within one line
		out = append(out, property{"col", fmt.Sprint(max(f.Column, 1))}, property{"endColumn", fmt.Sprint(max(f.EndColumn, f.Column, 1))})
	}
	return out
}

// command writes a workflow command. Separators are percent-encoded, as GitHub decodes
// them.
func (g *githubWriter) command(level string, properties []property, message string) {
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	var parts []string
	for _, p := range properties {
		parts = append(parts, p.name+"="+value.Replace(p.value))
	}
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, "::%s %s::%s\n", level, strings.Join(parts, ","), data.Replace(message))
	}
}

// End implements Writer.
func (g *githubWriter) End(s Summary) error {
	for _, e := range s.Errors {
		g.command("error", []property{{"title", "keyguard: not read"}}, Printable(e))
	}
	level := "notice"
	if s.Failing() > 0 || !s.Complete() {
		level = "error"
	}
	g.command(level, []property{{"title", "keyguard"}}, s.String())
	return g.err
}
