package report

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/inspect"
	"github.com/keyguard/keyguard/scanner"
)

// pageFiles are what the page is made of, written by hand.
//
//go:embed html
var pageFiles embed.FS

// htmlWriter writes one page for the triage of what was found. It stands on its
// own: no other file, no network. Its policy lets run the one script whose hash
// it names, and nothing that the findings' texts could bring along.
//
// It shows no secret even with Options.Reveal: pages are passed on.
//
// The page begins with totals, so findings are kept until the end.
type htmlWriter struct {
	noHeader
	w        io.Writer
	o        Options
	findings []pageFinding
	steps    [][]pageStep
	known    map[string]int    // the index of steps, by their text
	rules    map[string]string // descriptions, by the rule's id
}

func newHTML(w io.Writer, o Options) *htmlWriter {
	return &htmlWriter{w: w, o: o, findings: []pageFinding{}, known: make(map[string]int), rules: make(map[string]string)}
}

// Findings implements Writer.
func (h *htmlWriter) Findings(list []Finding) error {
	for _, f := range list {
		h.rules[f.RuleID] = f.Description
		f.Description, f.Secret, f.SecretSHA256, f.Related = "", "", "", slices.Clone(f.Related)
		for i := range f.Related {
			f.Related[i].Secret = ""
		}
		f.Fix = strings.Replace(f.Fix, ": keyguard inspect tells how", "", 1) // so does the page
		if h.o.Reveal {
			f.Excerpt = ""
		}
		h.findings = append(h.findings, pageFinding{*f.wire(), h.stepsFor(&f)})
	}
	return nil
}

// stepsFor returns the index of what there is to do about a finding. Findings
// of a kind share it: {ID} stands for the id, and {NOW} for the time at which
// somebody copies a command. No other text of a finding gets into a command.
func (h *htmlWriter) stepsFor(f *Finding) int {
	id, holes := "", []string{time.Time{}.Format(time.RFC3339), "{NOW}"}
	if _, err := inspect.ParseID(f.AccessKeyID); err == nil { // a report that was read may have anything there
		id, holes = f.AccessKeyID, append(holes, f.AccessKeyID, "{ID}")
	}
	c := inspect.Of(&scanner.Finding{RuleID: f.RuleID, Kind: f.Kind, KeyID: id, Account: f.AccountID})
	fill := strings.NewReplacer(holes...).Replace
	var steps []pageStep
	for _, s := range c.Steps(time.Time{}) {
		steps = append(steps, pageStep{fill(s.Text), each(s.Commands, fill)})
	}
	key := fmt.Sprintf("%q", steps)
	if at, ok := h.known[key]; ok {
		return at
	}
	h.known[key] = len(h.steps)
	h.steps = append(h.steps, steps)
	return h.known[key]
}

// End implements Writer.
func (h *htmlWriter) End(s Summary) error {
	slices.SortStableFunc(h.findings, func(a, b pageFinding) int { return cmp.Compare(b.Severity, a.Severity) })
	p := newPage(h.findings, s, h.o)
	if err := h.fill(&p); err != nil {
		return err
	}
	t, err := template.New("page.html.tmpl").ParseFS(pageFiles, "html/page.html.tmpl")
	if err != nil {
		return err
	}
	return t.Execute(h.w, p)
}

// fill adds style, script, data, and the policy that allows them by their
// hashes.
func (h *htmlWriter) fill(p *page) error {
	style, err := fs.ReadFile(pageFiles, "html/page.css")
	if err != nil {
		return err
	}
	script, err := fs.ReadFile(pageFiles, "html/page.js")
	if err != nil {
		return err
	}
	data, err := encodeLine(pageData{h.findings, h.rules, h.steps})
	if err != nil {
		return err
	}
	p.Style, p.Script, p.Data = template.CSS(style), template.JS(script), template.JS(inScript(data))
	p.Policy = fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'", hash(script), hash(style))
	return nil
}

// inScript returns JSON in which nothing ends or begins an element.
func inScript(json string) string {
	return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(json)
}

// hash names content as a Content-Security-Policy does.
func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
