package gitrepo

import (
	"bufio"
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
