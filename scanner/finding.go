package scanner

import (
	"slices"

	"github.com/keyguard/keyguard/internal/proof"
	"github.com/keyguard/keyguard/patterns"
)

// Span is a range of a blob.
type Span struct {
	Start, End int64 // bytes, from 0, End excluded
	// Lines and columns are counted from 1, columns in characters. EndColumn is one past
	// the last column.
	Line, Column, EndLine, EndColumn int
}

// Finding is one credential in one blob.
type Finding struct {
	RuleID      string
	Title       string
	Description string
	Family      string           // of the rule
	Owner       string           // the service that issues the credential; may be empty
	Revoke      *patterns.Revoke // how to end its access; nil if the rule has no steps
	Kind        patterns.Kind
	Severity    patterns.Severity
	Confidence  patterns.Confidence
	Origin      Origin
	Span        Span // of the secret
	Secret      Secret
	Bits        int                  // random bits of the secret; 0 if a person may have chosen it
	KeyID       string               // the public ID of the credential, if known
	Account     string               // the account, if the ID contains it
	About       patterns.Description // of the ID; empty if its rule has none
	Excerpt     Excerpt
	Related     []Part        // the credential's other parts, nearest first
	Drop        patterns.Drop // reason why it is not reported
	Facts       []proof.Fact  // public content of the secret and its match, such as its expiry
	Note        string        // a remark, such as why a mark does not apply
	DecodedFrom Decoding

	rule *patterns.Rule // of the secret; nil if the finding is not from a Scanner

	name        string // see Name
	fingerprint string // the long form, once computed
}

// Part is another part of a credential: the ID or the token of a pair, or another
// location of the same value.
type Part struct {
	RuleID  string
	Kind    patterns.Kind
	Span    Span
	Secret  Secret
	Excerpt Excerpt
	// Use numbers the uses of a credential in a blob. Use 0 is the location of the
	// finding and the parts that belong to it.
	Use int
	Old bool // the use is not on an added line, where only those count
}

// ApplyPaths applies the conditions of the rule on the path of the file, or on any of its
// paths in history. It drops the finding if the rule does not apply to such a file, and
// lowers its severity in tests.
func (f *Finding) ApplyPaths() {
	if f.rule == nil || !f.Drop.IsZero() {
		return
	}
	paths := []string{f.Origin.Path}
	if f.Origin.History != nil {
		paths = append(paths, f.Origin.History.Paths...)
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return !f.rule.InFile(path) })
	if len(paths) == 0 {
		f.Drop = patterns.Drop{By: patterns.ByPath, Text: "the rule does not apply to such a file"}
		return
	}
	if f.Kind == patterns.KeyPair {
		return // the severity is that of the pair
	}
	severity := patterns.Severity(0)
	for _, path := range paths {
		severity = max(severity, f.rule.SeverityIn(path, f.Severity))
	}
	f.Severity = severity
}
