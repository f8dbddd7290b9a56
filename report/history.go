package report

import (
	"fmt"
	"slices"
	"strings"
)

// Place returns the location of a finding as PATH:LINE:COLUMN, which terminals link, with
// the commit, tag or object in place of a missing path. It is printable.
func (f *Finding) Place() string { return fmt.Sprintf("%s:%d:%d", f.name(), f.Line, f.Column) }

// name returns the file, commit, tag or object that contains a finding.
func (f *Finding) name() string {
	switch h := f.History; {
	case f.Path != "":
		return fileName(f.Path)
	case h != nil && h.Message && h.Commit != "":
		return "commit " + short(h.Commit)
	case h != nil && h.Message:
		return "tag " + fileName(h.Tag)
	}
	return "object " + short(f.Object)
}

// short abbreviates an object ID. In a report that was read it may be any text.
func short(id string) string { return Printable(id[:min(len(id), 12)]) }

// String returns the provenance as one printable line.
func (h *History) String() string {
	out := h.origin()
	switch {
	case !h.Reachable:
		out += "; unreachable"
	case h.InHead:
		out += "; still in HEAD"
	case len(h.Branches) > 0:
		out += "; still on " + names(h.Branches, 2)
	case h.Commit != "" && !h.Message:
		out += "; removed from every branch" + h.since() + ", but not from history"
	}
	return out
}

// origin returns the commit or tag that introduced the finding, and its other paths.
func (h *History) origin() string {
	var parts []string
	switch {
	case h.Commit != "":
		parts = append(parts, h.entered())
	case h.Tag != "":
		parts = append(parts, "the message of tag "+Printable(h.Tag))
	default:
		parts = append(parts, "no commit")
	}
	if h.Commits > 1 {
		parts = append(parts, fmt.Sprintf("in %d commits", h.Commits))
	}
	if n := len(h.Paths); n > 0 {
		parts = append(parts, "also at "+names(h.Paths, 2))
	}
	return strings.Join(parts, "; ")
}

// entered returns the commit that introduced the finding, with its date and, if known,
// its author.
func (h *History) entered() string {
	at := short(h.Commit) + ", " + day(h.Date)
	if h.AtOrBefore {
		return atOrBefore + " " + at
	}
	return at + ", " + Printable(h.Author)
}

// atOrBefore precedes a commit whose parents are not in the clone.
const atOrBefore = "at or before"

// since returns when and where the credential was removed.
func (h *History) since() string {
	if h.Removed == "" {
		return ""
	}
	return fmt.Sprintf(" since %s (%s)", day(h.RemovedDate), short(h.Removed))
}

func day(date string) string {
	day, _, _ := strings.Cut(date, "T")
	return Printable(day)
}

// names joins the first n names and counts the others.
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
