package report

import (
	"fmt"
	"html/template"
	"strings"
)

// page is the data of the template, for browsers without JavaScript. All texts are
// printable.
type page struct {
	Version, About, Title, Lead, Covered string
	Clean                                bool // no findings, and all inputs were read
	Unread                               string
	Problems                             []string
	StaleCount                           string
	Stale                                []string
	Rows                                 []pageRow
	Policy                               string
	Style                                template.CSS
	Script, Data                         template.JS
}

// pageRow is a row of the table for browsers without JavaScript.
type pageRow struct{ Severity, Title, KeyID, Account, Place, Entered, State, Fingerprint string }

func newPage(findings []pageFinding, s Summary, o Options) page {
	p := page{Version: Printable(o.Version), About: about(s, o), Unread: plural(len(s.Errors), "input") + " could not be read, so there may be more findings."}
	for _, e := range s.Errors {
		p.Problems = append(p.Problems, Printable(e))
	}
	if s.Partial != "" {
		p.Unread = "The scan ended early: " + Printable(s.Partial) + "."
		p.Problems = append(p.Problems, "The rest was not scanned.")
	}
	if s.Objects != nil && s.Objects.Shallow {
		p.Problems = append(p.Problems, "The clone is shallow, so older history was not scanned. Run git fetch --unshallow.")
	}
	for _, e := range s.Stale {
		p.Stale = append(p.Stale, fmt.Sprintf("%s: %s: %s", fileName(e.Place), Printable(e.Problem), Printable(e.Reason)))
	}
	p.StaleCount = plural(len(s.Stale), "allowance")
	counts := make(map[string]int)
	for i := range findings {
		row := newPageRow(&findings[i].Finding)
		p.Rows = append(p.Rows, row)
		counts[row.State]++
	}
	p.Title, p.Clean = title(len(findings)-counts[stateDropped], len(p.Problems) > 0)
	p.Lead, p.Covered = lead(counts), scanned(s)+"."
	return p
}

// about returns the scanned repository and the time of the scan.
func about(s Summary, o Options) string {
	var parts []string
	if r := o.Repository; r != nil {
		for _, part := range []string{r.URI, r.Branch, short(r.Revision)} {
			if part != "" {
				parts = append(parts, Printable(part))
			}
		}
	}
	if !s.Started.IsZero() {
		parts = append(parts, s.Started.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return strings.Join(parts, " · ")
}

// title returns the headline, and whether it reports a complete scan without findings.
func title(findings int, incomplete bool) (text string, clean bool) {
	switch {
	case findings > 0:
		return plural(findings, "leaked credential"), false
	case incomplete:
		return "No credentials found, but not all inputs were read", false
	}
	return "No credentials found", true
}

// lead counts the findings by state.
func lead(counts map[string]int) string {
	var parts []string
	for _, state := range []string{stateHead, stateBranch, stateHistory, stateUnreachable} {
		if n := counts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	return strings.Join(parts, ", ")
}

func newPageRow(f *Finding) pageRow {
	row := pageRow{
		Severity: f.Severity.String(), Title: Printable(f.Title), KeyID: Printable(f.AccessKeyID), Account: Printable(f.AccountID),
		Place: f.Place(), State: f.state(), Fingerprint: Printable(f.Fingerprint),
	}
	if h := f.History; h != nil && h.Commit != "" {
		row.Entered = h.entered()
	}
	return row
}

// States of a credential. The page's script has the same.
const (
	stateHead        = "in HEAD"
	stateBranch      = "on other branches"
	stateHistory     = "in history only"
	stateUnreachable = "unreachable"
	stateFiles       = "in the files"
	stateDropped     = "dropped"
)

func (f *Finding) state() string {
	switch h := f.History; {
	case f.Dropped != "":
		return stateDropped
	case h == nil:
		return stateFiles
	case !h.Reachable:
		return stateUnreachable
	case h.InHead:
		return stateHead
	case len(h.Branches) > 0:
		return stateBranch
	}
	return stateHistory
}

// pageFinding is a finding as the page's script reads it. Values that findings share are
// stored once.
type pageFinding struct {
	Finding
	Steps int `json:"steps"` // index of pageData.Steps
}

// pageStep is a step after a leak; see inspect.Step.
type pageStep struct {
	Text     string   `json:"text"`
	Commands []string `json:"commands,omitempty"`
}

// pageData is the JSON in the page.
type pageData struct {
	Findings []pageFinding     `json:"findings"`
	Rules    map[string]string `json:"rules"`
	Steps    [][]pageStep      `json:"steps"`
}
