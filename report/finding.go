package report

import (
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// Finding is the record that all formats write and that JSON reports contain: a finding
// with its secrets masked. Fields that do not apply are empty.
type Finding struct {
	RuleID      string              `json:"rule_id"`
	Family      string              `json:"family,omitempty"` // of the rule, such as aws
	Owner       string              `json:"owner,omitempty"`  // the service that issues the credential
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
	LongTerm     *bool           `json:"long_term,omitempty"`  // only with a key ID
	Canary       bool            `json:"canary,omitempty"`
	Secret       string          `json:"secret"`                  // scanner.Mask, except for key IDs and with Options.Reveal
	SecretSHA256 string          `json:"secret_sha256,omitempty"` // only of a secret that cannot be guessed
	Fingerprint  string          `json:"fingerprint"`
	Former       []string        `json:"former_fingerprints,omitempty"` // of rules that found the secret before
	Excerpt      string          `json:"excerpt,omitempty"`             // the surroundings on its line, masked in the same way
	DecodedFrom  string          `json:"decoded_from,omitempty"`
	Dropped      string          `json:"dropped,omitempty"`    // the reason why it is not reported; empty if it is
	DroppedAs    patterns.DropBy `json:"dropped_as,omitzero"`  // the kind of the reason
	DroppedBy    string          `json:"dropped_by,omitempty"` // location and reason of the entry or mark that allows it
	Note         string          `json:"note,omitempty"`
	Fix          string          `json:"fix,omitempty"`      // advice, in one sentence
	Evidence     *Evidence       `json:"evidence,omitempty"` // with Options.Why
	Related      []Part          `json:"related,omitempty"`  // other parts of the credential, nearest first
	Object       string          `json:"object,omitempty"`   // ID of the git object, if one was scanned
	*History                     // nil unless history was scanned
}

// Span is a range of a file. Lines and columns start at 1; columns count Unicode code
// points; EndColumn is one past the end.
type Span struct {
	Line      int `json:"line"`
	Column    int `json:"column"`
	EndLine   int `json:"end_line"`
	EndColumn int `json:"end_column"`
}

// Part is another part of a credential; see scanner.Part.
type Part struct {
	RuleID string        `json:"rule_id"`
	Kind   patterns.Kind `json:"kind"`
	Span
	Secret string `json:"secret,omitempty"` // only with Options.Reveal
}

// others returns the parts with values other than Secret and AccessKeyID, each value
// once.
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

// History is the provenance of a finding; see scanner.History.
type History struct {
	Commit string `json:"commit,omitempty"`
	// AtOrBefore reports that an earlier commit may have introduced the finding, because
	// a shallow clone does not contain all parents of Commit. Author is empty then.
	AtOrBefore bool   `json:"at_or_before,omitempty"`
	Author     string `json:"author,omitempty"`
	Date       string `json:"date,omitempty"`       // RFC 3339
	Message    bool   `json:"in_message,omitempty"` // of Commit, or of the tag Tag
	Tag        string `json:"tag,omitempty"`
	Reachable  bool   `json:"reachable"`
	InHead     bool   `json:"in_head"`
	// Removed is the last commit that removed it, if HEAD does not contain it.
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

// words returns a kind as words.
func words(k patterns.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// Evidence is the measured evidence for a finding or dropped candidate. Reports contain
// it with Options.Why.
type Evidence struct {
	Length  int     `json:"length"`           // of the secret, in bytes
	Entropy float64 `json:"entropy"`          // of the secret, in bits per byte
	KeyID   string  `json:"key_id,omitempty"` // the structure of the access key ID
	Facts   []Fact  `json:"facts,omitempty"`  // from the structure of the secret
	// Parts holds the distances to the other parts of the credential.
	Parts []PartEvidence `json:"parts,omitempty"`
}

// Fact is public content of a secret, such as its expiry.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// PartEvidence is the distance to another part of a credential.
type PartEvidence struct {
	RuleID string `json:"rule_id"`
	Lines  int    `json:"lines"` // negative: before the secret
	Bytes  int64  `json:"bytes"` // between the two
}

// property is a name with a value.
type property struct{ name, value string }
