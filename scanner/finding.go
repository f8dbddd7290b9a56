package scanner

import (
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

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
	Account     string // 12 digits, if the id tells
	Excerpt     Excerpt
	Related     []Part // the credential's other parts, nearest first
	Drop        string // why it is no finding; empty if it is one
	DropBy      string // the entry or mark that Drop speaks of: its place and its reason
	Note        string // what else there is to say, such as why a mark does not count
	DecodedFrom string // the encoding it was found under; empty if plain

	archived bool // it is a member's of an archive

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
}

// touches reports whether any part of the finding is on one of the lines.
func (f *Finding) touches(lines Lines) bool {
	if f.archived {
		return true // its bytes have no lines that could tell
	}
	if lines.Touch(f.Span.Line, f.Span.EndLine) {
		return true
	}
	for _, p := range f.Related {
		if lines.Touch(p.Span.Line, p.Span.EndLine) {
			return true
		}
	}
	return false
}

// Excerpt is the text around a finding: what is near of its line, to show, and
// of the line before, where a mark may stand.
type Excerpt struct {
	text     []byte
	start    int64    // offset of text in the blob
	line     int      // where the line begins in text
	from, to int      // the part of text to show
	masks    [][2]int // what is secret, as offsets into text
}

// Masked returns the finding's line, or what of it is near, with Mask in place
// of every secret in it.
func (e Excerpt) Masked() string {
	var out []byte
	last := e.from
	for _, m := range e.masks {
		from, to := max(m[0], last), min(m[1], e.to)
		if from >= to {
			continue
		}
		out = append(append(out, e.text[last:from]...), Mask...)
		last = to
	}
	return MaskRandom(string(append(out, e.text[last:e.to]...)))
}

// randomRun is the length from which a run of base64 with letters of both cases
// may be a secret that no rule knows.
const randomRun = 32

// MaskRandom puts Mask in place of what may be a secret in text that is shown
// for other reasons: long runs of base64. Key ids are shorter.
func MaskRandom(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		start := i
		var upper, lower bool
		for i < len(text) && inRandom(text[i]) {
			upper = upper || 'A' <= text[i] && text[i] <= 'Z'
			lower = lower || 'a' <= text[i] && text[i] <= 'z'
			i++
		}
		if i-start >= randomRun && upper && lower {
			b.WriteString(Mask)
		} else {
			b.WriteString(text[start:i])
		}
		if i < len(text) {
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String()
}

func inRandom(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// Reveal returns the finding's line as it is, secrets included.
func (e Excerpt) Reveal() string { return string(e.text[e.from:e.to]) }

// Line returns the finding's line and Before the one before it, each as far as
// it is near. They may hold secrets.
func (e Excerpt) Line() Secret { return Secret(e.text[e.line:]) }

// Before returns the line before the finding's; see Line.
func (e Excerpt) Before() Secret { return Secret(e.text[:e.line]) }

// hide masks what of the span lies in the excerpt. Spans come in ascending
// order.
func (e *Excerpt) hide(start, end int64) {
	from, to := max(start-e.start, 0), min(end-e.start, int64(len(e.text)))
	if from < to {
		e.masks = append(e.masks, [2]int{int(from), int(to)})
	}
}
