package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/scanner"
)

// lastFinding is what keyguard allow --last needs to know of a finding. It
// holds no secret.
type lastFinding struct{ fingerprint, rule, path string }

// maxLast bounds how many findings are remembered.
const maxLast = 100

// remember notes a finding for keyguard allow --last.
func (p *policy) remember(f *scanner.Finding) {
	if p.top.gitDir != "" && len(p.last) < maxLast {
		p.last = append(p.last, lastFinding{f.Fingerprint(), f.RuleID, fmt.Sprintf("%s:%d", f.Origin.Path, f.Span.Line)})
	}
}

func (t *top) lastFile() string { return filepath.Join(t.gitDir, "keyguard", "last") }

// saveLast writes the findings of this scan into the git folder, where nobody
// else has to look at them. A folder that cannot be written is no fault: only
// allow --last misses it.
func (p *policy) saveLast() {
	if p.top.gitDir == "" {
		return
	}
	if len(p.last) == 0 {
		_ = os.Remove(p.top.lastFile())
		return
	}
	var b bytes.Buffer
	for _, f := range p.last {
		fmt.Fprintf(&b, "%s %s %q\n", f.fingerprint, f.rule, f.path)
	}
	if os.MkdirAll(filepath.Dir(p.top.lastFile()), 0o755) == nil {
		_ = os.WriteFile(p.top.lastFile(), b.Bytes(), 0o644)
	}
}

// readLast returns the findings of the last scan; none if there are none.
func (t *top) readLast() []lastFinding {
	data, err := os.ReadFile(t.lastFile())
	if t.gitDir == "" || err != nil {
		return nil
	}
	var out []lastFinding
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), " ", 3)
		if len(fields) == 3 && allow.IsFingerprint(fields[0]) {
			out = append(out, lastFinding{fields[0], fields[1], fields[2]})
		}
	}
	return out
}
