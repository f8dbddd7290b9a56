package redact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// mask is a range of the stream and its replacement.
type mask struct {
	start, end int
	text       string
}

// standIn returns the replacement of a part. It contains the first and last four
// characters of a key ID, by which its owner recognizes it.
func standIn(p *scanner.Finding) string {
	switch p.DecodedFrom.Outer() {
	case scanner.UTF16LE:
		return strings.ReplaceAll(scanner.Mask, "*", "*\x00")
	case scanner.UTF16BE:
		return strings.ReplaceAll(scanner.Mask, "*", "\x00*")
	case scanner.UTF32LE:
		return strings.ReplaceAll(scanner.Mask, "*", "*\x00\x00\x00")
	case scanner.UTF32BE:
		return strings.ReplaceAll(scanner.Mask, "*", "\x00\x00\x00*")
	}
	if p.Kind.IsPublic() && p.DecodedFrom.IsZero() {
		return idStandIn(p.KeyID)
	}
	return scanner.Mask
}

func idStandIn(id string) string {
	if len(id) <= 8 {
		return scanner.Mask
	}
	return id[:4] + scanner.Mask + id[len(id)-4:]
}

// merge joins overlapping masks. Unless they are equal, the replacement shows nothing.
func merge(masks []mask) []mask {
	slices.SortStableFunc(masks, func(a, b mask) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	out := masks[:0]
	for _, m := range masks {
		last := len(out) - 1
		switch {
		case last < 0 || out[last].end <= m.start:
			out = append(out, m)
		case m.start == out[last].start && m.end == out[last].end && m.text == out[last].text:
		default:
			out[last].end = max(out[last].end, m.end)
			if !isWide(out[last].text) {
				out[last].text = scanner.Mask
			}
			if isWide(m.text) {
				out[last].text = m.text
			}
		}
	}
	return out
}

func isWide(text string) bool { return strings.Contains(text, "\x00") }

// colors returns the control sequences in masked text, so that the terminal ends in the
// right color.
func colors(text []byte) string {
	var b strings.Builder
	for _, s := range sequences(text) {
		b.Write(text[s[0]:s[1]])
	}
	return b.String()
}
