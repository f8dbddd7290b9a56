package scanner

import "github.com/keyguard/keyguard/patterns"

// Span is a stretch of a blob.
type Span struct {
	Start, End int64 // bytes, from 0, End excluded
	// Lines and columns are counted from 1, columns in characters; EndColumn
	// is the one after the last.
	Line, Column, EndLine, EndColumn int
}

// Finding is one credential in one blob.
type Finding struct {
	RuleID      string
	Title       string
	Description string
	Kind        patterns.Kind
	Severity    patterns.Severity
	Confidence  patterns.Confidence
	Origin      Origin
	Span        Span // of the secret
	Secret      Secret
	KeyID       string // the access key id, if one is known
	Account     string // 12 digits, if the ID contains it
	Excerpt     Excerpt
	Related     []Part        // the credential's other parts, nearest first
	Drop        patterns.Drop // why it is not reported
	Note        string        // a remark, such as why a mark does not apply
	DecodedFrom Decoding

	ownRule string // rule of the secret, if RuleID is the rule of the pair

	fingerprint string // once it was asked for
}

// Part is a further part of a credential: the id or the token of a pair, or
// another place that holds the same value.
type Part struct {
	RuleID  string
	Kind    patterns.Kind
	Span    Span
	Secret  Secret
	Excerpt Excerpt
	// Use numbers the uses of a credential in a blob. Use 0 is the finding's own
	// place and the parts that belong to it.
	Use int
	Old bool // the use is not on an added line, where only those count
}
