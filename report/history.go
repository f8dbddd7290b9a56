package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// place is where a finding is, in a form that terminals make a link of. What
// has no path is named by its commit, tag or object.
func place(f *scanner.Finding) string {
	at := fmt.Sprintf(":%d:%d", f.Span.Line, f.Span.Column)
	h := f.Origin.History
	switch {
	case f.Origin.Path != "":
		return fileName(f.Origin.Path) + at
	case h != nil && h.Message && h.Commit != "":
		return "commit " + short(h.Commit) + at
	case h != nil && h.Message:
		return "tag " + fileName(h.Tag) + at
	}
	return "object " + short(f.Origin.Object) + at
}

func short(id string) string { return id[:min(len(id), 12)] }

// history tells in a line how a finding came and where it is.
func history(h *scanner.History) string {
	var parts []string
	switch {
	case h.Commit != "":
		parts = append(parts, fmt.Sprintf("%s, %s, %s", short(h.Commit), h.Date.Format("2006-01-02"), Printable(h.Author)))
	case h.Tag != "":
		parts = append(parts, "the message of tag "+Printable(h.Tag))
	default:
		parts = append(parts, "no commit")
	}
	if h.Commits > 1 {
		parts = append(parts, fmt.Sprintf("held by %d commits", h.Commits))
	}
	if n := len(h.Paths); n > 0 {
		parts = append(parts, "also at "+names(h.Paths, 2))
	}
	switch {
	case !h.Reachable:
		parts = append(parts, "reached by no ref")
	case h.InHead:
		parts = append(parts, "still in HEAD")
	case len(h.Branches) > 0:
		parts = append(parts, "still on "+names(h.Branches, 2))
	case h.Commit != "" && !h.Message:
		parts = append(parts, "gone from every branch, not from history")
	}
	return strings.Join(parts, "; ")
}

// names lists the first few of some names.
func names(list []string, n int) string {
	shown := slices.Clone(list[:min(len(list), n)])
	for i := range shown {
		shown[i] = fileName(shown[i])
	}
	if more := len(list) - len(shown); more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(shown, ", "), more)
	}
	return strings.Join(shown, " and ")
}
