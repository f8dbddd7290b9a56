package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// maxPart is the maximum number of findings in a call of Writer.Findings. It limits the
// memory for a file with many of them.
const maxPart = 2048

// Write writes the findings of a result to w; see Findings.
func Write(w Writer, r *scanner.Result, o Options) error {
	for part := range slices.Chunk(shown(r, o), maxPart) {
		if err := w.Findings(newFindings(part, o)); err != nil {
			return err
		}
	}
	return nil
}

// Findings returns the records of a result: reported findings, followed by dropped ones
// if o.Why is set.
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

// NewFinding converts a scanner finding. It decides which fields are shown: secrets only
// with o.Reveal, evidence only with o.Why.
func NewFinding(f *scanner.Finding, o Options) Finding {
	out := Finding{
		RuleID: f.RuleID, Family: f.Family, Owner: f.Owner, Kind: f.Kind, Title: f.Title, Description: f.Description, Severity: cmp.Or(f.Severity, patterns.Medium), Confidence: f.Confidence,
		Path: f.Origin.Path, Span: newSpan(f.Span), AccessKeyID: f.KeyID, AccountID: f.Account,
		Secret: f.Secret.String(), SecretSHA256: f.SHA256(), Excerpt: legible(f.Excerpt.Masked()),
		DecodedFrom: readable(maskPath(f.DecodedFrom.String())), Dropped: f.Drop.Text, DroppedAs: f.Drop.By, DroppedBy: readable(f.Drop.Place), Note: readable(f.Note),
		Object: f.Origin.Object, History: newHistory(f.Origin.History),
	}
	if !o.NoFingerprints {
		out.Fingerprint, out.Former = f.Fingerprint(), f.FormerFingerprints()
	}
	if o.Reveal {
		out.Excerpt = legible(f.Excerpt.Reveal())
	}
	if o.Reveal || f.Kind.IsPublic() {
		out.Secret = f.Secret.Reveal()
	}
	if f.About != (patterns.Description{}) {
		out.LongTerm, out.Canary = &f.About.LongTerm, f.About.Canary
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

// legible reduces runs of NUL bytes, which separate the strings of a binary file.
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

// remedy returns the advice: how to do without the credential if the file still contains
// it, and to rotate a committed one.
func (f *Finding) remedy(below bool) string {
	rotate := "rotate it: see keyguard inspect"
	if f.Kind == patterns.Sensitive { // only its owner knows its uses
		rotate = "replace its contents"
	}
	switch h := f.History; {
	case h == nil:
		return Advice(f.Path, f.Family, below)
	case h.Commit == "" && h.Tag == "" && !h.Reachable:
		return "never committed: git gc --prune=now removes it from this clone"
	case h.InHead && f.Path != "":
		return Advice(f.Path, f.Family, below) + "; and " + rotate
	}
	return rotate + "; removing it from history does not make it secret again"
}
