package patterns

import (
	"fmt"
	"slices"
	"strings"
)

// Severity is the damage of a leak if the finding is real.
type Severity int

// The severities, mildest first. The zero Severity is unset: a rule without a severity is
// of medium severity.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

// Confidence is the likelihood that the finding is a live credential.
type Confidence int

// The confidences, lowest first.
const (
	Unsure Confidence = iota // printed as "low"
	Likely                   // printed as "medium"
	Sure                     // printed as "high"
)

func severityNames() []string   { return []string{"low", "medium", "high", "critical"} }
func confidenceNames() []string { return []string{"low", "medium", "high"} }

// String returns the severity's name in reports, or "" if it is unset.
func (s Severity) String() string {
	if s == 0 {
		return ""
	}
	return severityNames()[s-1]
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. An empty text is an unset severity.
func (s *Severity) UnmarshalText(text []byte) error {
	if *s = 0; len(text) == 0 {
		return nil
	}
	if err := unmarshalEnum(s, "severity", text, severityNames()); err != nil {
		return err
	}
	*s++
	return nil
}

// String returns the confidence's name in reports.
func (c Confidence) String() string { return confidenceNames()[c] }

// MarshalText implements encoding.TextMarshaler.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Confidence) UnmarshalText(text []byte) error {
	return unmarshalEnum(c, "confidence", text, confidenceNames())
}

func unmarshalEnum[T ~int](v *T, what string, text []byte, names []string) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("unknown %s %q (known: %s)", what, text, strings.Join(names, ", "))
	}
	*v = T(i)
	return nil
}
