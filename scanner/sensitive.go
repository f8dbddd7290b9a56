package scanner

import (
	"bytes"
	"io"
	"slices"

	"github.com/keyguard/keyguard/patterns"
)

// prefix keeps the beginning of a file for the rules of sensitive files, while the file
// is scanned.
type prefix struct {
	rules []*patterns.Rule
	bytes.Buffer
}

// reader returns a reader of r that keeps its beginning, if there are rules.
func (h *prefix) reader(r io.Reader) io.Reader {
	if len(h.rules) == 0 {
		return r
	}
	return io.TeeReader(r, h)
}

// Write implements io.Writer.
func (h *prefix) Write(p []byte) (int, error) {
	if room := patterns.FileReach - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// addSensitive adds the finding of a sensitive file, unless a credential was found in it.
func (s *Scanner) addSensitive(r *Result, rules []*patterns.Rule, text []byte) {
	if len(r.Findings) > 0 {
		return
	}
	if f, ok := s.matchFile(rules, text); ok {
		r.Findings = append(r.Findings, f)
	}
}

func (s *Scanner) matchFile(rules []*patterns.Rule, text []byte) (Finding, bool) {
	for _, rule := range rules {
		if m, ok := rule.MatchFile(text); ok {
			w := &window{s: s, buf: text}
			c := w.addPositions([]candidate{newCandidate(rule, m)})
			secretsOf(c).hide(c)
			return single(&c[0]), true
		}
	}
	return Finding{}, false
}

// MaySensitive reports whether a file with that name, in some directory, may be a
// sensitive file.
func (s *Scanner) MaySensitive(name []byte) bool { return len(s.set.NameRules(name)) > 0 }

// SensitiveFile returns the finding of a file with that name, in some directory, that
// begins with text. It is for callers that do not have the path yet: SensitivePath then
// reports whether the finding is valid. It reads at most SensitiveReach bytes.
func (s *Scanner) SensitiveFile(name string, text []byte) (Finding, bool) {
	return s.matchFile(s.set.NameRules([]byte(name)), text)
}

// SensitiveReach is the number of bytes of a file that SensitiveFile reads.
const SensitiveReach = patterns.FileReach

// SensitivePath reports whether a rule of sensitive files matches the path.
func (s *Scanner) SensitivePath(rule, path string) bool {
	return slices.ContainsFunc(s.set.FileRules(path), func(r *patterns.Rule) bool { return r.ID == rule })
}

// MoreSensitive reports whether a rule of sensitive files, or a rule for certain files,
// applies to the path to, but not to the path from.
func (s *Scanner) MoreSensitive(from, to string) bool {
	before := s.set.FileRules(from)
	if slices.ContainsFunc(s.set.LocalRules(), func(r *patterns.Rule) bool { return r.InFile(to) && !r.InFile(from) }) {
		return true
	}
	return slices.ContainsFunc(s.set.FileRules(to), func(r *patterns.Rule) bool { return !slices.Contains(before, r) })
}
