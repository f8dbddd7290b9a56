package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// markdownRows limits the table: GitHub accepts 1 MiB of a step's summary.
const markdownRows = 500

// markdownWriter writes GitHub Flavored Markdown for a job summary or a comment.
type markdownWriter struct {
	noHeader
	w      io.Writer
	rows   strings.Builder
	shown  int
	hidden int
	counts map[patterns.Severity]int
}

func newMarkdown(w io.Writer) *markdownWriter {
	return &markdownWriter{w: w, counts: make(map[patterns.Severity]int)}
}

// Findings implements Writer. Rows are kept until the end, because the result precedes
// them.
func (m *markdownWriter) Findings(list []Finding) error {
	for i := range list {
		f := &list[i]
		if f.Dropped == "" {
			m.counts[f.Severity]++
		}
		if m.shown == markdownRows {
			m.hidden++
			continue
		}
		m.shown++
		credential := markdown(f.Title)
		if f.AccessKeyID != "" {
			credential += " " + code(f.AccessKeyID)
		}
		if f.AccountID != "" {
			credential += ", account " + code(f.AccountID)
		}
		grade, fix := f.Severity.String(), markdown(f.Fix)
		if f.Dropped != "" {
			grade, fix = "dropped", markdown(f.reason())
		}
		where := code(f.Place())
		if f.History != nil {
			where += "<br>" + markdown(f.History.String())
		}
		fmt.Fprintf(&m.rows, "| %s | %s | %s | %s |\n", grade, where, credential, fix)
	}
	return nil
}

// End implements Writer.
func (m *markdownWriter) End(s Summary) error {
	var b strings.Builder
	b.WriteString("## keyguard: " + m.verdict(s) + "\n\n")
	if m.shown > 0 {
		b.WriteString("| severity | location | credential | fix |\n| --- | --- | --- | --- |\n" + m.rows.String() + "\n")
	}
	if m.hidden > 0 {
		fmt.Fprintf(&b, "%s more: see the full report.\n\n", plural(m.hidden, "row"))
	}
	if s.Findings > 0 {
		b.WriteString("If the key was ever pushed or shared, deleting it is not enough: rotate it (see `keyguard inspect`).\n\n")
	}
	for _, e := range s.Errors {
		fmt.Fprintf(&b, "- not read: %s\n", code(e))
	}
	if len(s.Errors) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "<sub>%s</sub>\n", markdown(s.String()))
	_, err := io.WriteString(m.w, b.String())
	return err
}

func (m *markdownWriter) verdict(s Summary) string {
	var parts []string
	for _, g := range []patterns.Severity{patterns.Critical, patterns.High, patterns.Medium, patterns.Low} {
		if n := m.counts[g]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, g))
		}
	}
	switch {
	case s.Findings > 0:
		return fmt.Sprintf("%s (%s)", plural(s.Findings, "finding"), strings.Join(parts, ", "))
	case !s.Complete():
		return "not all inputs were read"
	}
	return "clean"
}

// code formats text as code.
func code(s string) string { return "<code>" + markdown(s) + "</code>" }

// markdown escapes text with entities, so that it contains no markup, link or mention.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range Printable(s) {
		if strings.ContainsRune("\\`*_{}[]<>()#+!|~&:@\"'$^=", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "www.", "&#119;ww.")
}
