// Package gittest creates repositories for tests.
package gittest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
)

// Repo is a repository that a test creates with the git program.
type Repo struct {
	T     testing.TB
	Dir   string // in which git runs: the working tree, or a bare repository
	Clock int64  // the time of the last commit, in seconds since 1970
	Env   []string
	Synth *synth.Expander
}

// New returns an empty repository: git init with initArgs.
func New(t testing.TB, initArgs ...string) *Repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs the git program")
	}
	r := &Repo{T: t, Dir: filepath.Join(t.TempDir(), "repo"), Clock: 1_700_000_000, Synth: synth.New(1)}
	if err := os.Mkdir(r.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	r.Git(append([]string{"init", "-q", "-b", "main"}, initArgs...)...)
	return r
}

// In returns a copy of r in another directory.
func (r *Repo) In(dir string) *Repo {
	other := *r
	other.Dir = dir
	return &other
}

// Command returns a git command that runs at the time of the clock.
func (r *Repo) Command(args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always", "-c", "gc.auto=0"}, args...)...)
	cmd.Dir = r.Dir
	now := fmt.Sprintf("%d +0000", r.Clock)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+now, "GIT_COMMITTER_DATE="+now)
	cmd.Env = append(cmd.Env, r.Env...)
	return cmd
}

// Git runs git and returns its output without the last newline.
func (r *Repo) Git(args ...string) string { r.T.Helper(); return r.Feed("", args...) }

// Feed is Git with text on standard input.
func (r *Repo) Feed(stdin string, args ...string) string {
	r.T.Helper()
	cmd := r.Command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		r.T.Fatalf("git %v: %v\n%s", args, err, errs.String())
	}
	return strings.TrimSuffix(string(out), "\n")
}

// Text expands a template. A name has the same value in all templates of a repository.
func (r *Repo) Text(template string) string {
	r.T.Helper()
	s, err := r.Synth.Expand(template)
	if err != nil {
		r.T.Fatal(err)
	}
	return s
}

// Write writes a file whose content is a template.
func (r *Repo) Write(name, template string) {
	r.T.Helper()
	WriteFile(r.T, filepath.Join(r.Dir, name), r.Text(template))
}

// Commit commits the working tree, a minute after the last commit, and returns the ID of
// the commit.
func (r *Repo) Commit(message string, args ...string) string {
	r.T.Helper()
	r.Git("add", "-A")
	r.Clock += 60
	r.Feed(r.Text(message), append([]string{"commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-"}, args...)...)
	return r.Git("rev-parse", "HEAD")
}

// Objects returns the object directory.
func (r *Repo) Objects() string {
	r.T.Helper()
	dir := r.Git("rev-parse", "--git-path", "objects")
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(r.Dir, dir)
	}
	return dir
}

// Leak commits a file with a credential, and then a version without it.
func (r *Repo) Leak() {
	r.T.Helper()
	r.Write("f", "\nx = {{akia#key}}\n")
	r.Commit("leak")
	r.Write("f", "x = $KEY\n")
	r.Commit("mend")
}

// WriteFile writes a file and creates its directories.
func WriteFile(t testing.TB, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// Seeds returns the number of repositories to try of each kind. The variable
// KEYGUARD_TEST_SEEDS sets it.
func Seeds() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("KEYGUARD_TEST_SEEDS"), 10, 32)
	return max(n, 1)
}
