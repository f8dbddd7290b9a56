package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestGitError(t *testing.T) {
	failed := errors.New("exit status 128")
	for _, c := range []struct {
		name, stderr, want string
		args               []string
	}{
		{"a fatal line", "fatal: bad thing\n", "git diff: bad thing", []string{"diff", "--cached"}},
		{"behind warnings", "warning: x\nerror: bad signature\nfatal: index file corrupt\nhint: y\n", "git diff: index file corrupt", []string{"diff"}},
		{"only an error", "error: it fails\nmore\n", "git diff: it fails", []string{"diff"}},
		{"an unread folder", "warning: could not open directory 'a/'\n", "git ls-files: could not open directory 'a/'", []string{"ls-files"}},
		{"behind a hint", "hint: grafts are deprecated\nhint:\nhint: use replace refs\nfatal: bad object HEAD\n", "git rev-list: bad object HEAD", []string{"rev-list"}},
		{"an error behind a hint", "hint: x\nerror: unable to open it\nerror: so that fails, too\n", "git diff: unable to open it", []string{"diff"}},
		{"an error behind a warning", "warning: x\nerror: unable to open it\n", "git diff: unable to open it", []string{"diff"}},
		{"a colored hint", "\x1b[33mhint: x\x1b[m\nfatal: bad\n", "git diff: bad", []string{"diff"}},
		{"only hints", "hint: x\nhint: y\n", "git diff: exit status 128", []string{"diff"}},
		{"over two lines, with hints", "fatal: cannot do:\n  this\nhint: x\n  and that\n", "git diff: cannot do: this and that", []string{"diff"}},
		{"the last of two", "fatal: child\nfatal: parent\n", "git diff: parent", []string{"diff"}},
		{"nothing", "", "git diff: exit status 128", []string{"diff"}},
		{"settings before the verb", "fatal: x", "git ls-files: x", []string{"-c", "a=b", "ls-files", "-z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := gitError(c.args, c.stderr, failed)
			if err.Error() != c.want || errors.Is(err, ErrNotRepo) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if err := gitError([]string{"diff"}, "fatal: not a git repository: x", failed); !errors.Is(err, ErrNotRepo) {
		t.Errorf("%v is no ErrNotRepo", err)
	}
}

// TestCauseIsKept: git may warn at length before it fails.
func TestCauseIsKept(t *testing.T) {
	var e headAndTail
	for _, text := range []string{"error: first\n", strings.Repeat("warning: x\n", 10_000), "fatal: index ", "file corrupt\n"} {
		if n, err := e.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := failure(e.String()); got != "index file corrupt" {
		t.Errorf("got %q", got)
	}
	if !strings.HasPrefix(e.String(), "error: first\n") || len(e.String()) != 2*maxOutput {
		t.Errorf("%d bytes kept: %.20q", len(e.String()), e.String())
	}
}

// TestGitFailures: with the environment that git runs in, its errors name the cause,
// whatever its advice.
func TestGitFailures(t *testing.T) {
	f := newFixture(t)
	f.Write("a", "one")
	f.Commit("first")
	for _, advice := range []string{"true", "false"} {
		f.Git("config", "advice.graftFileDeprecated", advice)
		f.Git("config", "color.ui", "always")
		for _, c := range []struct {
			name, want string
			args       []string
		}{
			{"no such revision", "ambiguous argument 'nosuch'", []string{"rev-list", "HEAD", "nosuch"}},
			{"no such object", "bad object", []string{"rev-list", "HEAD", strings.Repeat("1", 40)}},
			{"a wrong option", "usage: git rev-list", []string{"rev-list", "HEAD", "--no-such-option"}},
			{"not a tree", "not a tree object", []string{"ls-tree", "HEAD:a"}},
		} {
			_, err := output(context.Background(), f.Dir, c.args...)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Message, c.want) {
				t.Errorf("%s, advice %s: %v", c.name, advice, err)
			}
		}
	}
}

func TestReadChange(t *testing.T) {
	const (
		one, two = "1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222"
		modified = ":100644 120000 " + one + " " + two + " M\x00a\nb\x00"
		renamed  = ":100644 100644 " + one + " " + one + " R100\x00old\x00new\x00"
	)
	in := bufio.NewReader(strings.NewReader(modified + renamed))
	c, err := readChange(in)
	if err != nil || c.status != 'M' || c.newMode != "120000" || c.old.String() != one || c.new.String() != two || c.path != "a\nb" {
		t.Errorf("got %+v, %v", c, err)
	}
	if c, err = readChange(in); err != nil || c.status != 'R' || c.from != "old" || c.path != "new" {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err = readChange(in); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	for cut := 1; cut < len(renamed); cut++ {
		if _, err := readChange(bufio.NewReader(strings.NewReader(renamed[:cut]))); err == nil || err == io.EOF {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	for _, other := range []string{"100644\x00x\x00", ":1 2 3 4 5 6\x00x\x00", ":100644 100644 x y M\x00x\x00"} {
		if c, err := readChange(bufio.NewReader(strings.NewReader(other))); err == nil {
			t.Errorf("%q: %+v", other, c)
		}
	}
}
