package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Evidence is what speaks for a finding, or would if it were not dropped: with
// Options.Why it is part of a report.
type Evidence struct {
	Length  int     `json:"length"`           // of the secret, in bytes
	Entropy float64 `json:"entropy"`          // of the secret, in bits a byte
	KeyID   string  `json:"key_id,omitempty"` // the structure of the access key id
	// Parts tells how far away the credential's other parts are.
	Parts []PartEvidence `json:"parts,omitempty"`
}

// PartEvidence is the distance of another part of a credential.
type PartEvidence struct {
	RuleID string `json:"rule_id"`
	Lines  int    `json:"lines"` // negative: before the secret
	Bytes  int64  `json:"bytes"` // between the two
}

func newEvidence(f *scanner.Finding) *Evidence {
	e := &Evidence{Length: len(f.Secret), Entropy: math.Round(patterns.Entropy(f.Secret)*100) / 100}
	if f.KeyID != "" {
		e.KeyID = structure(f.KeyID)
	}
	for _, p := range f.Related {
		e.Parts = append(e.Parts, PartEvidence{p.RuleID, p.Span.Line - f.Span.Line, max(f.Span.Start-p.Span.End, p.Span.Start-f.Span.End, 0)})
	}
	return e
}

// structure tells what an access key id says about itself.
func structure(id string) string {
	kind := "long-lived key"
	if patterns.Temporary(id) {
		kind = "temporary key"
	}
	switch parsed := patterns.ParseKeyID(id); parsed.Generation {
	case patterns.NewGeneration:
		return kind + ", well-formed, of account " + parsed.Account
	case patterns.OldGeneration:
		return kind + ", well-formed, of the generation that holds no account"
	case patterns.Unissued:
		return kind + ", base32, but of no generation that AWS issues"
	}
	return kind + ", not base32: AWS issues no such id"
}

// String returns the evidence in a line.
func (e *Evidence) String() string {
	parts := []string{fmt.Sprintf("%d characters of %.2f bits", e.Length, e.Entropy)}
	if e.KeyID != "" {
		parts = append(parts, "id: "+e.KeyID)
	}
	const few = 3
	for i, p := range e.Parts {
		if i == few {
			parts = append(parts, fmt.Sprintf("%d more", len(e.Parts)-few))
			break
		}
		parts = append(parts, p.String())
	}
	return strings.Join(parts, "; ")
}

// String tells where the part is, seen from the secret.
func (p PartEvidence) String() string {
	bytes := plural(int(p.Bytes), "byte")
	switch {
	case p.Lines < 0:
		return fmt.Sprintf("%s %s and %s before it", p.RuleID, plural(-p.Lines, "line"), bytes)
	case p.Lines > 0:
		return fmt.Sprintf("%s %s and %s after it", p.RuleID, plural(p.Lines, "line"), bytes)
	}
	return fmt.Sprintf("%s on its line, %s away", p.RuleID, bytes)
}

// reason is why a candidate was dropped, with the entry or mark that did it.
func (f *Finding) reason() string {
	if f.DroppedBy == "" {
		return Printable(f.Dropped)
	}
	return Printable(f.Dropped + " (" + f.DroppedBy + ")")
}

// why says what makes the finding one.
func (f *Finding) why() string {
	s := fmt.Sprintf("%s, confidence %s", f.grounds(), f.Confidence)
	if f.DecodedFrom != "" {
		s += ", decoded from " + Printable(f.DecodedFrom)
	}
	return s
}

// also tells the lines on which the same credential stands once more: who mends
// one of them would be stopped again.
func (f *Finding) also() string {
	kind := f.Kind
	if kind == patterns.KeyPair {
		kind = patterns.SecretKey
	}
	var lines []int
	for _, p := range f.Related {
		if p.Kind == kind && p.Line != f.Line && !slices.Contains(lines, p.Line) {
			lines = append(lines, p.Line)
		}
	}
	slices.Sort(lines)
	const few = 5
	switch n := len(lines); {
	case n == 0:
		return ""
	case n == 1:
		return fmt.Sprintf("on line %d", lines[0])
	case n > few:
		return fmt.Sprintf("on lines %s and %d more", numbers(lines[:few]), n-few)
	}
	return "on lines " + numbers(lines)
}

func numbers(list []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ", "), "[]")
}

func (f *Finding) grounds() string {
	if f.Kind != patterns.KeyPair || len(f.Related) == 0 {
		return map[patterns.Kind]string{
			patterns.AccessKeyID: "a key id alone opens nothing, but its secret may be near",
			patterns.SecretKey:   "40 random base64 characters under the name of an AWS secret",
			patterns.Token:       "a session token",
			patterns.APIKey:      "a key that works on its own",
			patterns.Sensitive:   "by its name and what it holds, a file that should not be committed",
		}[f.Kind]
	}
	where := "on the same line"
	if d := f.Line - f.Related[0].Line; d != 0 {
		where = plural(max(d, -d), "line") + " away"
	}
	s := "a secret with its key id " + where
	if slices.ContainsFunc(f.Related, func(p Part) bool { return p.Kind == patterns.Token }) {
		s += " and its session token"
	}
	return s
}
