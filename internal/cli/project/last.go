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

// lastFinding is what keyguard allow --last needs to know of a finding. It
// holds no secret.
type LastFinding struct{ Fingerprint, Rule, Path string }

// maxLast bounds how many findings are remembered.
const maxLast = 100

// remember notes a finding for keyguard allow --last.
func (p *Policy) remember(f *scanner.Finding) {
	if p.Root.GitDir != "" && len(p.last) < maxLast {
		p.last = append(p.last, LastFinding{f.Fingerprint(), f.RuleID, fmt.Sprintf("%s:%d", f.Origin.Path, f.Span.Line)})
	}
}

func (t *Root) lastFile() string { return filepath.Join(t.GitDir, "keyguard", "last") }

// saveLast writes the findings of this scan into the git folder, where nobody
// else has to look at them. A folder that cannot be written is no fault: only
// allow --last misses it.
func (p *Policy) SaveLast() {
	dir := filepath.Dir(p.Root.lastFile())
	if p.Root.GitDir == "" || !isGitDir(p.Root.GitDir) || cli.IsLink(dir) {
		return // a hostile work tree may point anywhere
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

// readLast returns the findings of the last scan; none if there are none.
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

// keepLast returns a function that restores what keyguard allow --last is about,
// which the trial replaces.
func (t *Root) KeepLast() (restore func()) {
	before, err := pack.ReadRegular(t.lastFile())
	return func() {
		switch {
		case err == nil:
			_ = os.WriteFile(t.lastFile(), before, 0o644)
		case errors.Is(err, os.ErrNotExist):
			_ = os.Remove(t.lastFile())
			_ = os.Remove(filepath.Dir(t.lastFile())) // if nothing else is in it
		}
	}
}
