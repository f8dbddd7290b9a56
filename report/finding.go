package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
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

// beside returns what Options.Reveal shows and the excerpt does not: the secret, if it
// was decoded or spans lines, and the values of the other parts.
func (f *Finding) beside() (out []property) {
	if f.Secret != scanner.Mask && f.Kind != patterns.AccessKeyID && !strings.Contains(f.Excerpt, f.Secret) {
		out = append(out, property{"secret", Printable(f.Secret)})
	}
	for _, p := range f.others() {
		out = append(out, property{words(p.Kind), fmt.Sprintf("%s (line %d)", Printable(p.Secret), p.Line)})
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

// maxPart bounds the findings of one blob that a Writer gets at once, and so the
// memory that a file full of them takes.
const maxPart = 2048

// Write writes what Findings returns.
func Write(w Writer, r *scanner.Result, o Options) error {
	for part := range slices.Chunk(shown(r, o), maxPart) {
		if err := w.Findings(newFindings(part, o)); err != nil {
			return err
		}
	}
	return nil
}

// Findings returns what a report tells of a result: the findings, and with
// o.Why those that were dropped, after them.
func Findings(r *scanner.Result, o Options) []Finding { return newFindings(shown(r, o), o) }

func shown(r *scanner.Result, o Options) []scanner.Finding {
	if o.Why {
		return append(r.Findings[:len(r.Findings):len(r.Findings)], r.Dropped...)
	}
	return r.Findings
}

func newFindings(list []scanner.Finding, o Options) []Finding {
	out := make([]Finding, len(list))
	for i := range list {
		out[i] = NewFinding(&list[i], o)
	}
	return out
}

// NewFinding is the one place that decides what of a finding is shown: secrets
// only with o.Reveal, evidence only with o.Why.
func NewFinding(f *scanner.Finding, o Options) Finding {
	out := Finding{
		RuleID: f.RuleID, Kind: f.Kind, Title: f.Title, Description: f.Description, Severity: f.Severity, Confidence: f.Confidence,
		Path: f.Origin.Path, Span: newSpan(f.Span), AccessKeyID: f.KeyID, AccountID: f.Account,
		Secret: f.Secret.String(), SecretSHA256: f.Secret.SHA256(), Fingerprint: f.Fingerprint(), Excerpt: legible(f.Excerpt.Masked()),
		DecodedFrom: readable(maskPath(f.DecodedFrom)), Dropped: f.Drop.Text, DroppedAs: f.Drop.By, DroppedBy: readable(f.Drop.Place), Note: readable(f.Note),
		Object: f.Origin.Object, History: newHistory(f.Origin.History),
	}
	if o.Reveal {
		out.Excerpt = legible(f.Excerpt.Reveal())
	}
	if o.Reveal || f.Kind == patterns.AccessKeyID {
		out.Secret = f.Secret.Reveal()
	}
	if f.KeyID != "" {
		longTerm := patterns.LongTerm(f.KeyID)
		out.LongTerm = &longTerm
		_, out.Canary = patterns.Canary(f.Account)
	}
	if o.Why {
		out.Evidence = newEvidence(f)
	}
	for _, p := range f.Related {
		part := Part{RuleID: p.RuleID, Kind: p.Kind, Span: newSpan(p.Span)}
		if o.Reveal {
			part.Secret = p.Secret.Reveal()
		}
		out.Related = append(out.Related, part)
	}
	if out.Fix = out.remedy(o.Below); o.Hook == PushHook && out.History != nil {
		out.Fix = unpushed(out.History)
	}
	return out
}

// legible shortens what stands between the strings of a program.
func legible(line string) string {
	for strings.Contains(line, "\x00\x00") {
		line = strings.ReplaceAll(line, "\x00\x00", "\x00")
	}
	return strings.TrimSpace(strings.Trim(line, "\x00"))
}

func newSpan(s scanner.Span) Span { return Span{s.Line, s.Column, s.EndLine, s.EndColumn} }

func newHistory(h *scanner.History) *History {
	if h == nil {
		return nil
	}
	out := &History{
		Commit: h.Commit, AtOrBefore: h.AtOrBefore, Author: scanner.MaskRandom(h.Author), Message: h.Message, Tag: maskName(h.Tag), Reachable: h.Reachable,
		InHead: h.InHead, Commits: h.Commits, Paths: each(h.Paths, maskPath), Branches: each(h.Branches, maskName), Tags: each(h.Tags, maskName),
	}
	if !h.Date.IsZero() {
		out.Date = h.Date.Format(time.RFC3339)
	}
	if h.Removed != "" {
		out.Removed, out.RemovedDate = h.Removed, h.RemovedDate.Format(time.RFC3339)
	}
	return out
}

func each(names []string, do func(string) string) []string {
	var out []string
	for _, n := range names {
		out = append(out, do(n))
	}
	return out
}

// maskName masks what may be a secret in the name of a branch or tag. What has
// no digit is words: random bytes of that length hardly ever lack one.
func maskName(name string) string {
	if !strings.ContainsAny(name, "0123456789") {
		return name
	}
	return scanner.MaskRandom(name)
}

// maskPath masks the parts of a path: the whole is a long run of base64 by
// nature. A finding's own path stays, as nobody could mend what cannot be found.
func maskPath(path string) string {
	return strings.Join(each(strings.Split(path, "/"), maskName), "/")
}

// remedy is what to do: without the credential where it still stands, and with
// a key that was committed.
func (f *Finding) remedy(below bool) string {
	rotate := "rotate it: keyguard inspect tells how"
	if f.Kind == patterns.Sensitive { // whose owner alone knows what opens with it
		rotate = "replace what it holds"
	}
	switch h := f.History; {
	case h == nil:
		return Advice(f.Path, below)
	case h.Commit == "" && h.Tag == "" && !h.Reachable:
		return "never committed: git gc --prune=now removes it from this clone"
	case h.InHead && f.Path != "":
		return Advice(f.Path, below) + "; and " + rotate
	}
	return rotate + "; taking it out of history does not make it secret again"
}
