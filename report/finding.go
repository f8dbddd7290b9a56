package report

import (
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// Finding is what every format writes from, and what JSON reports hold: a
// finding whose secrets are masked already. What does not apply is empty.
type Finding struct {
	RuleID      string              `json:"rule_id"`
	Kind        patterns.Kind       `json:"kind"`
	Title       string              `json:"title"`
	Description string              `json:"description,omitempty"` // of the rule
	Severity    patterns.Severity   `json:"severity"`
	Confidence  patterns.Confidence `json:"confidence"`
	Path        string              `json:"path,omitempty"` // any bytes; slashes on every system
	PathBytes   string              `json:"path_bytes,omitempty"`
	Span
	AccessKeyID  string          `json:"access_key_id,omitempty"`
	AccountID    string          `json:"account_id,omitempty"` // 12 digits
	LongTerm     *bool           `json:"long_term,omitempty"`  // only with a key id
	Canary       bool            `json:"canary,omitempty"`
	Secret       string          `json:"secret"` // scanner.Mask, unless it is a key id or Options.Reveal was set
	SecretSHA256 string          `json:"secret_sha256"`
	Fingerprint  string          `json:"fingerprint"`
	Excerpt      string          `json:"excerpt,omitempty"` // what is near on its line, masked likewise
	DecodedFrom  string          `json:"decoded_from,omitempty"`
	Dropped      string          `json:"dropped,omitempty"`    // why it does not count; empty if it does
	DroppedAs    patterns.DropBy `json:"dropped_as,omitzero"`  // the kind of reason
	DroppedBy    string          `json:"dropped_by,omitempty"` // the entry or mark that did it: its place, its reason
	Note         string          `json:"note,omitempty"`
	Fix          string          `json:"fix,omitempty"`      // what to do about it, in a sentence
	Evidence     *Evidence       `json:"evidence,omitempty"` // with Options.Why
	Related      []Part          `json:"related,omitempty"`  // the credential's other parts, nearest first
	Object       string          `json:"object,omitempty"`   // id of the git object, if that was scanned
	*History                     // nil unless it is from history
}

// Span is a stretch of a file. Lines and columns count from 1, columns in
// characters (Unicode code points); EndColumn is the one after the last.
type Span struct {
	Line      int `json:"line"`
	Column    int `json:"column"`
	EndLine   int `json:"end_line"`
	EndColumn int `json:"end_column"`
}

// Part is a further part of a credential; see scanner.Part.
type Part struct {
	RuleID string        `json:"rule_id"`
	Kind   patterns.Kind `json:"kind"`
	Span
	Secret string `json:"secret,omitempty"` // only with Options.Reveal
}

// others returns the parts that have a value which neither Secret nor AccessKeyID
// has, each value once.
func (f *Finding) others() (out []Part) {
	known := map[string]bool{"": true, f.Secret: true, f.AccessKeyID: true}
	for _, p := range f.Related {
		if !known[p.Secret] {
			out = append(out, p)
		}
		known[p.Secret] = true
	}
	return out
}

// History is scanner.History as reports tell it.
type History struct {
	Commit string `json:"commit,omitempty"`
	// AtOrBefore reports that it may have come before Commit, of which parents are
	// not here: a shallow clone ends there. Author is empty then.
	AtOrBefore bool   `json:"at_or_before,omitempty"`
	Author     string `json:"author,omitempty"`
	Date       string `json:"date,omitempty"`       // RFC 3339
	Message    bool   `json:"in_message,omitempty"` // of Commit, or of the tag Tag
	Tag        string `json:"tag,omitempty"`
	Reachable  bool   `json:"reachable"`
	InHead     bool   `json:"in_head"`
	// Removed is the last commit that took it out, if HEAD holds it no more.
	Removed     string   `json:"removed_commit,omitempty"`
	RemovedDate string   `json:"removed_date,omitempty"` // RFC 3339
	Commits     int      `json:"commits"`
	Paths       []string `json:"other_paths,omitempty"`
	Branches    []string `json:"branches,omitempty"`
	Tags        []string `json:"tags,omitempty"`

	AuthorBytes   string   `json:"author_bytes,omitempty"`
	TagBytes      string   `json:"tag_bytes,omitempty"`
	PathsBytes    []string `json:"other_paths_bytes,omitempty"`
	BranchesBytes []string `json:"branches_bytes,omitempty"`
	TagsBytes     []string `json:"tags_bytes,omitempty"`
}

// words returns a kind as text has it.
func words(k patterns.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

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

// property is a parameter of a command.
type property struct{ name, value string }
