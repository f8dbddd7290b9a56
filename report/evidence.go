package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

func newEvidence(f *scanner.Finding) *Evidence {
	e := &Evidence{Length: len(f.Secret), Entropy: math.Round(patterns.Entropy(f.Secret)*100) / 100, KeyID: f.About.Structure}
	for _, fact := range f.Facts {
		e.Facts = append(e.Facts, Fact(fact))
	}
	for _, p := range f.Related {
		e.Parts = append(e.Parts, PartEvidence{p.RuleID, p.Span.Line - f.Span.Line, max(f.Span.Start-p.Span.End, p.Span.Start-f.Span.End, 0)})
	}
	return e
}

// String returns the evidence as one line.
func (e *Evidence) String() string {
	parts := []string{fmt.Sprintf("%d characters of %.2f bits", e.Length, e.Entropy)}
	if e.KeyID != "" {
		parts = append(parts, "ID: "+e.KeyID)
	}
	for _, fact := range e.Facts {
		parts = append(parts, fact.Name+" "+fact.Value)
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

// String returns the distance and direction from the secret.
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
