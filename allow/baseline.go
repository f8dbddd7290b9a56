package allow

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// BaselineName is the name of the baseline file, at the top of the repository.
const BaselineName = ".keyguard-baseline"

// Label is the result of an audit of a known finding.
type Label string

// The labels, in order of precedence when a merge repeats a finding.
const (
	Leak          Label = "leak"  // a credential, which must be rotated
	Unaudited     Label = "?"     // not audited yet
	FalsePositive Label = "false" // not a credential
)

func (l Label) audited() string {
	switch l {
	case Leak:
		return "audited: a leak"
	case FalsePositive:
		return "audited: a false positive"
	}
	return "not audited"
}

// Known is a line of a baseline: a known finding.
type Known struct {
	Fingerprint string
	Label       Label
	Rule        string
	Path        string // path when the finding was added; for readers only

	former []string // fingerprints of the finding in files of earlier versions
	line   int
	used   bool
}

// Baseline is the set of known findings. It records which of them still occur, so it is
// for one goroutine.
//
// A line of its file is a fingerprint, a label, a rule and a path, separated by blanks.
// Nothing in it is secret, and nothing changes unless the finding does. Lines are sorted.
// ParseBaseline accepts any order and repeated lines, which git's union merge may leave.
type Baseline struct {
	Name    string // name of the file in messages
	History bool   // it lists findings of the history, not of the working tree
	entries map[string]*Known
}

// NewBaseline returns an empty baseline.
func NewBaseline(name string) *Baseline {
	return &Baseline{Name: name, entries: make(map[string]*Known)}
}

// MaxBaseline is the maximum size of a baseline file in bytes: about a million lines.
const MaxBaseline = 64 << 20

// ParseBaseline reads a baseline file. Its errors start with name and line.
func ParseBaseline(name string, data []byte) (*Baseline, error) {
	b := NewBaseline(name)
	if len(data) > MaxBaseline {
		return nil, fmt.Errorf("%s: %d bytes: at most %d are read", name, len(data), MaxBaseline)
	}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) { // byte order mark of editors on Windows
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			b.History = b.History || strings.HasPrefix(line, headerStart+scopeHistory)
			continue
		}
		k, err := parseKnown(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		k.line = n
		b.put(k)
	}
	return b, nil
}

func parseKnown(line string) (*Known, error) {
	if strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, "=======") || strings.HasPrefix(line, ">>>>>>>") {
		return nil, errors.New("a merge conflict; keep the lines of both sides, in any order")
	}
	fields := strings.SplitN(line, " ", 4)
	if len(fields) < 3 || !IsFingerprint(fields[0]) {
		return nil, errors.New("not a line of a baseline: fingerprint, label, rule, path")
	}
	k := &Known{Fingerprint: fields[0], Label: Label(fields[1]), Rule: fields[2]}
	if !slices.Contains(labels(), k.Label) {
		return nil, fmt.Errorf("unknown label (known: %s, %s, %s)", Leak, Unaudited, FalsePositive)
	}
	if len(fields) == 4 {
		k.Path = fields[3]
	}
	return k, nil
}

func labels() []Label { return []Label{Leak, Unaudited, FalsePositive} }

// IsFingerprint reports whether s has the form of a fingerprint.
func IsFingerprint(s string) bool {
	return len(s) == scanner.FingerprintLen && strings.Trim(s, "0123456789abcdef") == ""
}

// put adds an entry. Of two labels a leak takes precedence, then any audit.
func (b *Baseline) put(k *Known) {
	old, ok := b.entries[k.Fingerprint]
	switch {
	case !ok:
		b.entries[k.Fingerprint] = k
	case k.Label == Leak || old.Label == Unaudited:
		old.Label = k.Label
	}
}

// Len returns the number of known findings.
func (b *Baseline) Len() int { return len(b.entries) }

// Match returns the entry of a finding, or nil if it is new.
func (b *Baseline) Match(f *scanner.Finding) *Known {
	if len(b.entries) == 0 {
		return nil
	}
	for _, fp := range f.Fingerprints() {
		if k := b.entries[fp]; k != nil {
			k.used = true
			return k
		}
	}
	return nil
}

// Add adds a finding that is not audited, and reports whether it was new.
func (b *Baseline) Add(f *scanner.Finding) bool {
	if b.Match(f) != nil {
		return false
	}
	b.put(&Known{Fingerprint: f.Fingerprint(), former: f.Fingerprints()[1:], Label: Unaudited, Rule: f.RuleID, Path: singleLine(f.Origin.Path), used: true})
	return true
}

// singleLine replaces control characters in a path, so that it fits on one line.
func singleLine(path string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(path, "?"))
}

// Place returns the position of an entry in the file: name:line.
func (b *Baseline) Place(k *Known) string { return fmt.Sprintf("%s:%d", b.Name, k.line) }

// Sorted returns the entries in the order of the file.
func (b *Baseline) Sorted() []*Known {
	out := make([]*Known, 0, len(b.entries))
	for _, k := range b.entries {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b *Known) int { return strings.Compare(a.Fingerprint, b.Fingerprint) })
	return out
}

// Unused returns the entries that have not matched a finding.
func (b *Baseline) Unused() []*Known {
	return slices.DeleteFunc(b.Sorted(), func(k *Known) bool { return k.used })
}

// CopyLabels copies the labels and paths that another baseline has for the same findings.
func (b *Baseline) CopyLabels(from *Baseline) {
	for fp, k := range b.entries {
		for _, known := range append([]string{fp}, k.former...) {
			if old := from.entries[known]; old != nil {
				k.Label, k.Path = old.Label, old.Path
				break
			}
		}
	}
}

// Remove removes entries.
func (b *Baseline) Remove(list []*Known) {
	for _, k := range list {
		delete(b.entries, k.Fingerprint)
	}
}

// The first line of a file records the scan that it is for. A scan of something else
// cannot report unused entries.
const (
	headerStart      = "# keyguard baseline of the "
	scopeHistory     = "history"
	scopeWorkingTree = "working tree"
)

// Bytes returns the file's text.
func (b *Baseline) Bytes() []byte {
	var out bytes.Buffer
	scope := scopeWorkingTree
	if b.History {
		scope = scopeHistory
	}
	out.WriteString(headerStart + scope + ": known findings, one a line. See keyguard baseline --help.\n")
	for _, k := range b.Sorted() {
		fmt.Fprintln(&out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", k.Fingerprint, k.Label, k.Rule, k.Path)))
	}
	return out.Bytes()
}
