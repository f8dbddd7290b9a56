package report

import (
	"fmt"
	"slices"
	"strings"
)

// Place is where a finding is, in a form that terminals make a link of and that
// can be printed as it is. What has no path is named by its commit, tag or
// object.
func (f *Finding) Place() string { return fmt.Sprintf("%s:%d:%d", f.name(), f.Line, f.Column) }

// name is what a finding is in.
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

// short returns the beginning of an object id, which may be any text in a report
// that was read.
func short(id string) string { return Printable(id[:min(len(id), 12)]) }

// String tells in a line how a finding came and where it is. It can be printed
// as it is.
func (h *History) String() string {
	out := h.origin()
	switch {
	case !h.Reachable:
		out += "; reached by no ref"
	case h.InHead:
		out += "; still in HEAD"
	case len(h.Branches) > 0:
		out += "; still on " + names(h.Branches, 2)
	case h.Commit != "" && !h.Message:
		out += "; gone from every branch" + h.since() + ", not from history"
	}
	return out
}

// origin tells how a finding came.
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
		parts = append(parts, fmt.Sprintf("held by %d commits", h.Commits))
	}
	if n := len(h.Paths); n > 0 {
		parts = append(parts, "also at "+names(h.Paths, 2))
	}
	return strings.Join(parts, "; ")
}

// entered returns the commit that a finding came with, and its author if that is known.
func (h *History) entered() string {
	at := short(h.Commit) + ", " + day(h.Date)
	if h.AtOrBefore {
		return atOrBefore + " " + at
	}
	return at + ", " + Printable(h.Author)
}

// atOrBefore stands before a commit of which parents are not here.
const atOrBefore = "at or before"

// since tells when a credential was taken out.
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
