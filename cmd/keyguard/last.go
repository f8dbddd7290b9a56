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
	dir := filepath.Dir(p.top.lastFile())
	if p.top.gitDir == "" || !isGitDir(p.top.gitDir) || isLink(dir) {
		return // a hostile work tree may point anywhere
	}
	_ = os.Remove(p.top.lastFile()) // a link is removed, not followed
	if len(p.last) == 0 {
		return
	}
	var b bytes.Buffer
	for _, f := range p.last {
		fmt.Fprintf(&b, "%s %s %q\n", f.fingerprint, f.rule, f.path)
	}
	if os.MkdirAll(dir, 0o755) != nil {
		return
	}
	if f, err := os.OpenFile(p.top.lastFile(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644); err == nil {
		_, _ = f.Write(b.Bytes())
		_ = f.Close()
	}
}

// isGitDir reports whether a folder looks like git's own: not every folder that
// a .git file names is.
func isGitDir(dir string) bool {
	for _, name := range []string{"HEAD", "objects"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			// A linked worktree has its objects elsewhere.
			if _, err := os.Lstat(filepath.Join(dir, "commondir")); err != nil {
				return false
			}
		}
	}
	return true
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&os.ModeSymlink != 0
}

// readLast returns the findings of the last scan; none if there are none.
func (t *top) readLast() []lastFinding {
	if info, err := os.Lstat(t.lastFile()); t.gitDir == "" || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := os.ReadFile(t.lastFile())
	if err != nil {
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
