package project

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// LastFinding is the record of a finding for keyguard allow --last. It contains no
// secret.
type LastFinding struct{ Fingerprint, Rule, Path string }

// maxLast is the maximum number of recorded findings.
const maxLast = 100

// remember records a finding for keyguard allow --last.
func (p *Policy) remember(f *scanner.Finding) {
	if p.Root.GitDir != "" && len(p.last) < maxLast {
		p.last = append(p.last, LastFinding{f.Fingerprint(), f.RuleID, fmt.Sprintf("%s:%d", f.Origin.Path, f.Span.Line)})
	}
}

func (t *Root) lastFile() string { return filepath.Join(t.GitDir, "keyguard", "last") }

// SaveLast writes the findings of this scan to the git directory. It ignores errors: only
// keyguard allow --last needs the file.
func (p *Policy) SaveLast() {
	dir := filepath.Dir(p.Root.lastFile())
	if p.Root.GitDir == "" || !isGitDir(p.Root.GitDir) || cli.IsLink(dir) {
		return // a .git file may name any directory
	}
	_ = os.Remove(p.Root.lastFile()) // a link is removed, not followed
	if len(p.last) == 0 {
		return
	}
	var b bytes.Buffer
	for _, f := range p.last {
		fmt.Fprintf(&b, "%s %s %q\n", f.Fingerprint, f.Rule, f.Path)
	}
	if os.MkdirAll(dir, 0o755) != nil {
		return
	}
	if f, err := os.OpenFile(p.Root.lastFile(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644); err == nil {
		_, _ = f.Write(b.Bytes())
		_ = f.Close()
	}
}

// isGitDir reports whether a directory has the form of a git directory. A .git file can
// name any directory.
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

// ReadLast returns the findings of the last scan.
func (t *Root) ReadLast() []LastFinding {
	if info, err := os.Lstat(t.lastFile()); t.GitDir == "" || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := os.ReadFile(t.lastFile())
	if err != nil {
		return nil
	}
	var out []LastFinding
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), " ", 3)
		if len(fields) == 3 && allow.IsFingerprint(fields[0]) {
			out = append(out, LastFinding{fields[0], fields[1], fields[2]})
		}
	}
	return out
}

// KeepLast returns a function that restores the recorded findings.
func (t *Root) KeepLast() (restore func()) {
	before, err := pack.ReadRegular(t.lastFile())
	return func() {
		switch {
		case err == nil:
			_ = os.WriteFile(t.lastFile(), before, 0o644)
		case errors.Is(err, os.ErrNotExist):
			_ = os.Remove(t.lastFile())
			_ = os.Remove(filepath.Dir(t.lastFile())) // fails unless it is empty
		}
	}
}
