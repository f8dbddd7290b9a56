package config

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// Show writes the effective configuration as a configuration file, with the place of each
// value in a comment.
func (c *Config) Show(w io.Writer) error {
	s := &writer{files: c.Files}
	s.printf("# Files by ascending precedence: built-in rules")
	for _, f := range c.Files {
		s.printf(", %s", f.name)
	}
	s.printf("\n\n[scan]\n")
	s.list("exclude", "scan.exclude", func(f *File) []string { return f.Scan.Exclude })
	s.value("max_file_size", "scan.max_file_size", "0 # no limit", func(f *File) string {
		if f.Scan.MaxFileSize == nil {
			return ""
		}
		return strconv.Quote(f.Scan.MaxFileSize.String())
	})
	s.value("fail_on", "scan.fail_on", `"low" # medium in the hooks of a commit`, func(f *File) string { return severityText(f.Scan.FailOn) })
	s.value("min_severity", "scan.min_severity", `"low"`, func(f *File) string { return severityText(f.Scan.MinSeverity) })
	s.value("jobs", "scan.jobs", "0", func(f *File) string { return valueText(f.Scan.Jobs) })
	s.value("timeout", "scan.timeout", `"0s"`, func(f *File) string {
		if f.Scan.Timeout == nil {
			return ""
		}
		return strconv.Quote(f.Scan.Timeout.String())
	})
	s.printf("\n[rules]\n")
	s.value("profile", "rules.profile", `"default"`, func(f *File) string {
		if f.Rules.Profile == nil {
			return ""
		}
		return strconv.Quote(*f.Rules.Profile)
	})
	s.list("only", "rules.only", func(f *File) []string { return f.Rules.Only })
	s.list("disable", "rules.disable", func(f *File) []string { return f.Rules.Disable })
	s.list("enable", "rules.enable", func(f *File) []string { return f.Rules.Enable })
	s.severities()
	s.printf("\n[inline]\n")
	s.value("marks", "inline.marks", "true", func(f *File) string { return valueText(f.Inline.Marks) })
	s.value("foreign", "inline.foreign", "true", func(f *File) string { return valueText(f.Inline.Foreign) })
	s.value("require_reason", "inline.require_reason", "false", func(f *File) string { return valueText(f.Inline.RequireReason) })
	s.list("except", "inline.except", func(f *File) []string { return f.Inline.Except })
	s.server()
	for _, f := range c.Files {
		tables := f.tableKeys()
		for i := range f.Allow {
			at := fmt.Sprintf("allow[%d]", i)
			s.table(f, at, tables[at])
		}
		for i := range f.Rule {
			at := fmt.Sprintf("rule[%d]", i)
			s.table(f, at, tables[at])
		}
	}
	_, err := w.Write(s.out.Bytes())
	return err
}

// server writes the settings for servers if any file has them.
func (s *writer) server() {
	if !slices.ContainsFunc(s.files, func(f *File) bool { return f.Server != Server{} }) {
		return
	}
	s.printf("\n[server]\n")
	s.value("bypass", "server.bypass", "false", func(f *File) string { return valueText(f.Server.Bypass) })
	s.value("log", "server.log", `"keyguard/bypass.log"`, func(f *File) string {
		if f.Server.Log == nil {
			return ""
		}
		return strconv.Quote(*f.Server.Log)
	})
	s.value("trust_head", "server.trust_head", "false", func(f *File) string { return valueText(f.Server.TrustHead) })
	s.value("fail_open", "server.fail_open", "false", func(f *File) string { return valueText(f.Server.FailOpen) })
}

func valueText[T any](v *T) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

// severityText returns the name of a severity in quotes, or "" for nil.
func severityText(s *patterns.Severity) string {
	if s == nil {
		return ""
	}
	return strconv.Quote(s.String())
}

// writer collects the text.
type writer struct {
	files []*File
	out   bytes.Buffer
}

func (s *writer) printf(format string, args ...any) { fmt.Fprintf(&s.out, format, args...) }

// value writes the value of the last file that sets it.
func (s *writer) value(key, path, standard string, of func(*File) string) {
	text, from := standard, "default"
	for _, f := range s.files {
		if v := of(f); v != "" {
			text, from = v, f.Place(path)
		}
	}
	text, note, _ := strings.Cut(text, " # ")
	if note != "" {
		from += ": " + note
	}
	s.printf("%s = %s # %s\n", key, text, from)
}

// list writes the concatenation of a list in all files.
func (s *writer) list(key, path string, of func(*File) []string) {
	s.printf("%s = [", key)
	empty := true
	for _, f := range s.files {
		for i, v := range of(f) {
			if empty {
				s.printf("\n")
			}
			empty = false
			s.printf("  %s, # %s\n", Quote(v), f.Place(fmt.Sprintf("%s[%d]", path, i)))
		}
	}
	s.printf("]")
	if empty {
		s.printf(" # default")
	}
	s.printf("\n")
}

func (s *writer) severities() {
	type origin struct {
		severity patterns.Severity
		place    string
	}
	all := make(map[string]origin)
	for _, f := range s.files {
		for id, v := range f.Rules.Severity {
			all[id] = origin{v, f.Place("rules.severity." + id)}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		s.printf("severity.%s = %q # %s\n", id, all[id].severity.String(), all[id].place)
	}
}

// table writes an element of an array of tables as in its file. keys are the sorted paths
// of its keys.
func (s *writer) table(f *File, at string, keys []string) {
	name, _, _ := strings.Cut(at, "[")
	s.printf("\n[[%s]] # %s\n", name, f.Place(at))
	done := ""
	for _, path := range keys {
		key := f.index()[path]
		if done != "" && strings.HasPrefix(path, done) || f.text[key.start] == '[' {
			continue
		}
		done = path + "."
		s.printf("%s = %s\n", path[len(at)+1:], f.value(key))
	}
}

// tableKeys returns the sorted paths of the keys of each table in an array.
func (f *File) tableKeys() map[string][]string {
	out := make(map[string][]string)
	for _, path := range f.sortedPaths() {
		table, _, ok := strings.Cut(path, "].")
		if ok && !strings.HasSuffix(path, "]") {
			out[table+"]"] = append(out[table+"]"], path)
		}
	}
	return out
}
