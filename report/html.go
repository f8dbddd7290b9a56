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
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// pageFiles holds the template, style and script of the page.
//
//go:embed html
var pageFiles embed.FS

// htmlWriter writes one self-contained page to review findings. It loads no other file
// and uses no network. Its Content-Security-Policy allows only the script and the style
// with the hashes in it, so text of a finding cannot run.
//
// It shows no secrets, even with Options.Reveal, because pages are shared. The page
// starts with totals, so findings are kept until the end.
type htmlWriter struct {
	noHeader
	w        io.Writer
	o        Options
	findings []pageFinding
	steps    [][]pageStep
	known    map[string]int              // text of steps to its index
	rules    map[string]string           // rule ID to description
	revoke   map[string]*patterns.Revoke // of built-in rules, by ID; nil until it is needed
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
		f.Fix = strings.Replace(f.Fix, ": see keyguard inspect", "", 1) // the page lists the steps
		if h.o.Reveal {
			f.Excerpt = ""
		}
		h.findings = append(h.findings, pageFinding{*f.wire(), h.stepsFor(&f)})
	}
	return nil
}

// stepsFor returns the index of the steps for a finding. Findings of a kind share them:
// {ID} is replaced by the key ID, and {NOW} by the time at which a command is copied.
// Commands contain no other text of a finding.
func (h *htmlWriter) stepsFor(f *Finding) int {
	id, holes := "", []string{time.Time{}.Format(time.RFC3339), "{NOW}"}
	if _, err := inspect.ParseID(f.AccessKeyID); err == nil { // it may be any text in a report that was read
		id, holes = f.AccessKeyID, append(holes, f.AccessKeyID, "{ID}")
	}
	c := inspect.Of(&scanner.Finding{RuleID: f.RuleID, Kind: f.Kind, KeyID: id, Account: f.AccountID, Revoke: h.revocation(f.RuleID)})
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

// revocation returns how a credential is revoked, or nil. Only built-in rules count: a
// report may name any rule.
func (h *htmlWriter) revocation(rule string) *patterns.Revoke {
	if h.revoke == nil {
		h.revoke = make(map[string]*patterns.Revoke)
		if set, err := patterns.Builtin(); err == nil { // a test holds it to be right
			for _, r := range set.Rules() {
				h.revoke[r.ID] = r.Revoke
			}
		}
	}
	return h.revoke[rule]
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

// fill adds style, script and data, and the policy with their hashes.
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

// inScript escapes JSON so that it cannot start or end an element.
func inScript(json string) string {
	return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(json)
}

// hash returns a source expression of Content-Security-Policy.
func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
