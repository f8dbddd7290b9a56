package report

import (
	"fmt"
	"io"
	"strings"
)

// Format is a report format.
type Format struct {
	Name        string
	Description string
	Ext         string // extension of its files, such as ".json"; empty if not unique
	New         func(io.Writer, Options) Writer
	// Anonymous reports show no fingerprints, except with Options.Why.
	Anonymous bool
}

// Formats returns all formats.
func Formats() []Format {
	return []Format{
		{"text", "for people, grouped by file", ".txt", func(w io.Writer, o Options) Writer { return newText(w, o) }, true},
		{"json", "one JSON document", ".json", func(w io.Writer, o Options) Writer { return newJSON(w, o) }, false},
		{"jsonl", "JSON Lines: one finding per line, as they are found", ".jsonl", func(w io.Writer, o Options) Writer { return newLines(w, o) }, false},
		{"sarif", "SARIF 2.1.0, for code scanning of GitHub and others", ".sarif", func(w io.Writer, o Options) Writer { return newSARIF(w, o) }, false},
		{"gitlab", "GitLab's secret detection report", "", func(w io.Writer, o Options) Writer { return newGitLab(w, o) }, false},
		{"github", "annotations, for a step of GitHub Actions", "", func(w io.Writer, o Options) Writer { return newGitHub(w, o) }, true},
		{"markdown", "a table, for a job summary or a comment", ".md", func(w io.Writer, o Options) Writer { return newMarkdown(w) }, true},
		{"junit", "JUnit XML: each finding is a failed test", ".xml", func(w io.Writer, o Options) Writer { return newJUnit(w, o) }, false},
		{"csv", "a table, for spreadsheets", ".csv", func(w io.Writer, o Options) Writer { return newCSV(w) }, false},
		{"gitleaks", "the JSON of gitleaks 8, for programs that import it", "", func(w io.Writer, o Options) Writer { return newGitleaks(w, o) }, true},
		{"html", "a page to review the findings of a history scan", ".html", func(w io.Writer, o Options) Writer { return newHTML(w, o) }, false},
		{"agent", "one finding per line, for AI coding agents", "", func(w io.Writer, o Options) Writer { return newAgent(w) }, false},
	}
}

// FormatNamed returns the format with a name.
func FormatNamed(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q (known: %s)", name, strings.Join(names, ", "))
}
