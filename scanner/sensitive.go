package scanner

import (
	"bytes"
	"io"

	"github.com/keyguard/keyguard/patterns"
)

// head keeps the beginning of a file that rules of files look at, while it is
// scanned.
type head struct {
	rules []*patterns.Rule
	bytes.Buffer
}

// reader returns a reader of r that keeps its beginning, if there are rules.
func (h *head) reader(r io.Reader) io.Reader {
	if len(h.rules) == 0 {
		return r
	}
	return io.TeeReader(r, h)
}

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	if room := patterns.FileReach - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// sensitive adds the finding of a file that should not be committed, unless a
// credential was found in it, which says more.
func (s *Scanner) sensitive(r *Result, rules []*patterns.Rule, text []byte) {
	if len(r.Findings) > 0 {
		return
	}
	for _, rule := range rules {
		m, ok := rule.MatchFile(text)
		if !ok {
			continue
		}
		w := &window{s: s, buf: text}
		c := w.number([]candidate{newCandidate(rule, m)})[0]
		f := lone(c)
		f.hide(secretsOf([]candidate{c}))
		r.Findings = append(r.Findings, f)
		return
	}
}
