package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Summary is the coverage and the result of a scan.
type Summary struct {
	Files    int
	Bytes    int64
	Findings int
	Below    int               // number of findings below FailOn
	FailOn   patterns.Severity // the lowest severity that fails the scan
	Dropped  map[string]int    // number of dropped candidates, by reason
	Skipped  []scanner.Skipped
	Errors   []string // inputs that could not be read
	Partial  string   // why the scan ended early; empty if it did not
	Objects  *Objects // nil unless history was scanned
	Stale    []Stale
	// StaleFails reports that the scan fails because of Stale.
	StaleFails bool
	Started    time.Time // zero if unknown
	Duration   time.Duration
}

// Failing returns the number of findings that fail the scan.
func (s Summary) Failing() int { return s.Findings - s.Below }

// Count adds findings to the counts.
func (s *Summary) Count(list []scanner.Finding) {
	s.Findings += len(list)
	for i := range list {
		if list[i].Severity < s.FailOn {
			s.Below++
		}
	}
}

// Complete reports whether all inputs were read.
func (s Summary) Complete() bool { return len(s.Errors) == 0 && s.Partial == "" }

// Stale is an expired or unused entry of an allowlist or a baseline.
type Stale struct {
	Place      string `json:"place"` // file:line
	PlaceBytes string `json:"place_bytes,omitempty"`
	Problem    string `json:"problem"` // expired, unused, …
	Reason     string `json:"reason"`  // from the entry
}

// Objects is the coverage of a history scan.
type Objects struct {
	Commits, Trees, Blobs, Tags int64
	Inflated, Scanned           int64 // bytes
	Missing                     int64
	Shallow                     bool
	Attribution                 time.Duration // included in the duration of the scan
}

// add adds the summary of another scan, except its stale entries.
func (s *Summary) add(o *Summary) {
	s.Files, s.Bytes, s.Duration = s.Files+o.Files, s.Bytes+o.Bytes, s.Duration+o.Duration
	for reason, n := range o.Dropped {
		s.Dropped[reason] += n
	}
	s.Errors = append(s.Errors, o.Errors...)
	s.Skipped = append(s.Skipped, o.Skipped...)
	if o.Partial != "" && !strings.Contains(s.Partial, o.Partial) {
		s.Partial = strings.TrimPrefix(s.Partial+"; "+o.Partial, "; ")
	}
	if s.Started.IsZero() || !o.Started.IsZero() && o.Started.Before(s.Started) {
		s.Started = o.Started
	}
	s.StaleFails = s.StaleFails || o.StaleFails
	if o.Objects == nil {
		return
	}
	if s.Objects == nil {
		s.Objects = &Objects{}
	}
	a, b := s.Objects, o.Objects
	a.Commits, a.Trees, a.Blobs, a.Tags = a.Commits+b.Commits, a.Trees+b.Trees, a.Blobs+b.Blobs, a.Tags+b.Tags
	a.Inflated, a.Scanned, a.Missing = a.Inflated+b.Inflated, a.Scanned+b.Scanned, a.Missing+b.Missing
	a.Shallow, a.Attribution = a.Shallow || b.Shallow, a.Attribution+b.Attribution
}

// String returns the last line of each report: the result, and which inputs were and were
// not scanned. It is printable.
func (s Summary) String() string {
	const clean = "clean: no credentials in"
	result := clean
	switch {
	case s.Findings > 0:
		result = plural(s.Findings, "finding")
		if s.Below > 0 {
			result += fmt.Sprintf(" (%d below --fail-on %s)", s.Below, s.FailOn)
		}
	case len(s.Errors) > 0 || s.Partial != "":
		result = "INCOMPLETE: no findings"
	case s.StaleFails:
		result = fmt.Sprintf("no findings, but %s to remove", plural(len(s.Stale), "allowance"))
	}
	if result != clean {
		result += ":"
	}
	out := fmt.Sprintf("keyguard: %s %s", result, scanned(s))
	if o := s.Objects; o != nil && o.Shallow {
		out += "; SHALLOW: history before the cut is not here"
	}
	if n := dropped(s.Dropped); n > 0 {
		reasons := slices.SortedFunc(maps.Keys(s.Dropped), func(a, b string) int {
			return cmp.Or(cmp.Compare(s.Dropped[b], s.Dropped[a]), cmp.Compare(a, b))
		})
		for i, r := range reasons {
			reasons[i] = fmt.Sprintf("%d %s", s.Dropped[r], Printable(r))
		}
		if len(reasons) > 3 {
			reasons = append(reasons[:3], "…")
		}
		out += fmt.Sprintf("; %d dropped (%s)", n, strings.Join(reasons, ", "))
	}
	if n := len(s.Skipped); n > 0 {
		out += fmt.Sprintf("; %d skipped", n)
	}
	if n := len(s.Errors); n > 0 {
		out += fmt.Sprintf("; %d NOT READ", n)
	}
	if s.Partial != "" {
		out += "; PARTIAL: " + Printable(s.Partial)
	}
	return out
}

func scanned(s Summary) string {
	inputs := fmt.Sprintf("%s (%s)", plural(s.Files, "file"), size(s.Bytes))
	if o := s.Objects; o != nil {
		inputs = fmt.Sprintf("%s, %s, %s and %s (%s, of which %s new text)", plural(int(o.Blobs), "blob"), plural(int(o.Commits), "commit"),
			plural(int(o.Tags), "tag"), plural(int(o.Trees), "tree"), size(o.Inflated), size(o.Scanned))
	}
	return fmt.Sprintf("%s scanned in %s", inputs, duration(s.Duration))
}

func dropped(by map[string]int) int {
	n := 0
	for _, k := range by {
		n += k
	}
	return n
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// size formats bytes with decimal units.
func size(n int64) string {
	for _, u := range []struct {
		bytes int64
		name  string
	}{{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}} {
		if n >= u.bytes {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(u.bytes), u.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

func duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// titles formats counts of findings: 2 × AWS key pair.
func titles(counts map[string]int) string {
	var out []string
	for _, title := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%d × %s", counts[title], Printable(title)))
	}
	return strings.Join(out, ", ")
}
