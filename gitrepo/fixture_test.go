package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// fixture is a repository that a test makes with the git program.
type fixture struct {
	t     testing.TB
	dir   string // where git runs: the work tree, or a bare repository
	clock int64  // of the last commit, in seconds since 1970
	env   []string
	synth *synth.Expander
}

// newFixture makes an empty repository with a work tree, or what initArgs say.
func newFixture(t testing.TB, initArgs ...string) *fixture {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs the git program")
	}
	f := &fixture{t: t, dir: filepath.Join(t.TempDir(), "repo"), clock: 1_700_000_000, synth: synth.New(1)}
	if err := os.Mkdir(f.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	f.git(append([]string{"init", "-q", "-b", "main"}, initArgs...)...)
	return f
}

// in is f in another folder.
func (f *fixture) in(dir string) *fixture {
	other := *f
	other.dir = dir
	return &other
}

// command is git at the fixture's time.
func (f *fixture) command(args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always", "-c", "gc.auto=0"}, args...)...)
	cmd.Dir = f.dir
	now := fmt.Sprintf("%d +0000", f.clock)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+now, "GIT_COMMITTER_DATE="+now)
	cmd.Env = append(cmd.Env, f.env...)
	return cmd
}

// git runs git and returns what it prints, without the last line break.
func (f *fixture) git(args ...string) string { f.t.Helper(); return f.feed("", args...) }

// feed is git with something on standard input.
func (f *fixture) feed(stdin string, args ...string) string {
	f.t.Helper()
	cmd := f.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		f.t.Fatalf("git %v: %v\n%s", args, err, errs.String())
	}
	return strings.TrimSuffix(string(out), "\n")
}

// text expands a template; names in it mean the same in every one.
func (f *fixture) text(template string) string {
	f.t.Helper()
	s, err := f.synth.Expand(template)
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

// write writes a file that the template describes.
func (f *fixture) write(name, template string) {
	f.t.Helper()
	writeFile(f.t, filepath.Join(f.dir, name), f.text(template))
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// commit commits the work tree as it is, a minute after the last commit, and
// returns the commit's id.
func (f *fixture) commit(message string, args ...string) string {
	f.t.Helper()
	f.git("add", "-A")
	f.clock += 60
	f.feed(f.text(message), append([]string{"commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-"}, args...)...)
	return f.git("rev-parse", "HEAD")
}

// objects is the object folder.
func (f *fixture) objects() string {
	f.t.Helper()
	dir := f.git("rev-parse", "--git-path", "objects")
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(f.dir, dir)
	}
	return dir
}

// outcome is what a scan yields.
type outcome struct {
	findings []scanner.Finding
	errors   []error
	coverage Coverage
}

// scan scans the history that set selects, and wants no errors.
func (f *fixture) scan(set ...func(*History)) outcome {
	f.t.Helper()
	out := f.scanFaulty(set...)
	for _, err := range out.errors {
		f.t.Errorf("scan: %v", err)
	}
	return out
}

// scanFaulty is scan where errors are expected.
func (f *fixture) scanFaulty(set ...func(*History)) outcome {
	f.t.Helper()
	return scanHistory(context.Background(), f.t, f.open(), set...)
}

func scanHistory(ctx context.Context, t testing.TB, r *Repo, set ...func(*History)) outcome {
	t.Helper()
	h := &History{Repo: r, Jobs: 2}
	for _, set := range set {
		set(h)
	}
	return scanBy(ctx, newScanner(t), h)
}

func scanBy(ctx context.Context, s *scanner.Scanner, h *History) (out outcome) {
	for r := range h.Scan(ctx, s) {
		out.findings = append(out.findings, r.Findings...)
		if r.Unpacked != nil {
			out.errors = append(out.errors, r.Unpacked)
		}
		if r.Err != nil {
			out.errors = append(out.errors, r.Err)
		}
	}
	out.coverage = h.Coverage()
	return out
}

// revisions narrow a scan.
func revisions(revs ...string) func(*History) { return func(h *History) { h.Revisions = revs } }

func reachableOnly(h *History) { h.ReachableOnly = true }

func (f *fixture) open() *Repo {
	f.t.Helper()
	r, err := Open(context.Background(), f.dir)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = r.Close() })
	return r
}

func newScanner(t testing.TB) *scanner.Scanner {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return scanner.New(set, scanner.Options{})
}

// of returns the finding whose key id or secret is the value of that name.
func (o outcome) of(f *fixture, name string) *scanner.Finding {
	f.t.Helper()
	value, ok := f.synth.Named(name)
	if !ok {
		f.t.Fatalf("no template has #%s", name)
	}
	i := slices.IndexFunc(o.findings, func(x scanner.Finding) bool { return x.KeyID == value || x.Secret.Reveal() == value })
	if i < 0 {
		f.t.Fatalf("%s was not found; %d findings, errors %v", name, len(o.findings), o.errors)
	}
	return &o.findings[i]
}

// only returns the one finding.
func (o outcome) only(t testing.TB) *scanner.Finding {
	t.Helper()
	if len(o.findings) != 1 {
		t.Fatalf("%d findings, want one: %v", len(o.findings), o.places())
	}
	return &o.findings[0]
}

// places tells of all findings where they are.
func (o outcome) places() (out []string) {
	for _, f := range o.findings {
		out = append(out, fmt.Sprintf("%s %s %s:%d:%d %+v", f.RuleID, f.KeyID, f.Origin.Path, f.Span.Line, f.Span.Column, f.Origin.History))
	}
	return out
}

func expandSeeded(seed uint64, template string) string {
	s, err := synth.New(seed).Expand(template)
	if err != nil {
		panic(err)
	}
	return s
}
