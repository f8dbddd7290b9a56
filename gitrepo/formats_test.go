package gitrepo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// leak commits a file with a credential, and then one without.
func (f *fixture) leak() {
	f.t.Helper()
	f.write("f", "\nx = {{akia#key}}\n")
	f.commit("leak")
	f.write("f", "x = $KEY\n")
	f.commit("mend")
}

const leaked = "leak in f:2:5; 1 commits"

// TestHistoryFormats: repositories of every make-up are read.
func TestHistoryFormats(t *testing.T) {
	for _, c := range []struct {
		name string
		init []string
		make func(f *fixture) *fixture // returns where to scan
		want string
	}{
		{"SHA-256, loose", []string{"--object-format=sha256"}, func(f *fixture) *fixture {
			f.leak()
			return f
		}, leaked},
		{"SHA-256, packed", []string{"--object-format=sha256"}, func(f *fixture) *fixture {
			f.leak()
			f.git("tag", "-a", "-m", "m", "v1", "HEAD^")
			f.git("gc", "-q")
			return f
		}, leaked + "; tags v1"},
		{"a folder of the work tree", nil, func(f *fixture) *fixture {
			f.leak()
			f.write("d/e/g", "1\n")
			return f.in(filepath.Join(f.dir, "d", "e"))
		}, leaked},
		{"the git folder itself", nil, func(f *fixture) *fixture {
			f.leak()
			return f.in(filepath.Join(f.dir, ".git"))
		}, leaked},
		{"a bare clone", nil, func(f *fixture) *fixture {
			f.leak()
			dir := filepath.Join(f.t.TempDir(), "bare.git")
			f.git("clone", "-q", "--bare", "--no-local", f.dir, dir)
			return f.in(dir)
		}, leaked},
		{"a clone that shares objects of one that does so too", nil, func(f *fixture) *fixture {
			f.leak()
			one, two := filepath.Join(f.t.TempDir(), "one"), filepath.Join(f.t.TempDir(), "two")
			f.git("clone", "-q", "--shared", f.dir, one)
			f.git("clone", "-q", "--shared", one, two)
			return f.in(two)
		}, leaked},
		{"a separate git folder", nil, func(f *fixture) *fixture {
			f.leak()
			f.git("init", "-q", "--separate-git-dir", filepath.Join(f.t.TempDir(), "elsewhere"))
			return f
		}, leaked},
		{"a submodule", nil, func(f *fixture) *fixture {
			f.leak()
			super := newFixture(f.t)
			super.git("submodule", "--quiet", "add", f.dir, "sub")
			super.commit("add a submodule")
			if n := len(super.scan().findings); n != 0 {
				f.t.Errorf("%d findings above the submodule", n)
			}
			return f.in(filepath.Join(super.dir, "sub"))
		}, leaked},
		{"a cruft pack", nil, func(f *fixture) *fixture {
			f.commit("root")
			f.git("checkout", "-qb", "side")
			f.leak()
			f.git("checkout", "-q", "main")
			f.git("branch", "-D", "side")
			f.git("reflog", "expire", "--expire=now", "--all")
			f.git("repack", "--cruft", "--cruft-expiration=never", "-dq")
			if cruft, _ := filepath.Glob(filepath.Join(f.objects(), "pack", "*.mtimes")); len(cruft) != 1 {
				f.t.Skip("this git writes no cruft packs")
			}
			return f
		}, leaked + "; unreachable"},
		{"several packs, a bitmap, a multi-pack index and a commit-graph", nil, func(f *fixture) *fixture {
			f.leak()
			f.git("repack", "-dq")
			f.commit("more")
			f.git("repack", "-dq")
			f.git("multi-pack-index", "write", "--bitmap")
			f.git("commit-graph", "write", "--reachable")
			return f
		}, leaked},
		{"a clone with all objects of a promisor", nil, func(f *fixture) *fixture {
			f.leak()
			dir := filepath.Join(f.t.TempDir(), "clone")
			f.git("config", "uploadpack.allowFilter", "true")
			f.git("clone", "-q", "--no-checkout", "--filter=blob:limit=1m", "file://"+f.dir, dir)
			return f.in(dir)
		}, leaked},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, c.init...)
			at := c.make(f)
			if got := at.story(at.scan().only(t)); !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestHistoryOfNothing: a repository without commits is clean, whatever HEAD says.
func TestHistoryOfNothing(t *testing.T) {
	f := newFixture(t)
	if out := f.scan(); len(out.findings) > 0 || out.coverage.Blobs > 0 {
		t.Errorf("an empty repository: %+v", out)
	}
	f.write("f", "{{akia#key}}\n")
	f.git("add", "f")
	const want = "no commit, :1; 0 commits; unreachable"
	if got := f.story(f.scan().only(t)); got != want {
		t.Errorf("a branch to be born: got %s, want %s", got, want)
	}
	f.commit("first")
	f.git("checkout", "-q", "--orphan", "unborn")
	if got := f.story(f.scan().only(t)); got != "first in f:1:1; 1 commits; branches main" {
		t.Errorf("a branch to be born beside another: %s", got)
	}
}

// TestHistoryInQuarantine: in a pre-receive hook objects are where the variables
// say.
func TestHistoryInQuarantine(t *testing.T) {
	f := newFixture(t)
	f.commit("root")
	base := f.git("rev-parse", "HEAD")
	f.git("update-ref", "refs/heads/old", base)
	incoming := filepath.Join(t.TempDir(), "incoming")
	if err := os.Mkdir(incoming, 0o777); err != nil {
		t.Fatal(err)
	}
	own := f.objects()
	f.env = []string{"GIT_OBJECT_DIRECTORY=" + incoming, `GIT_ALTERNATE_OBJECT_DIRECTORIES=/none:"` + own + `"`}
	f.leak()
	pushed := f.git("rev-parse", "HEAD")
	f.git("update-ref", "refs/heads/main", base)
	for _, v := range f.env {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	for _, revs := range [][]string{{base + ".." + pushed}, {pushed, "--not", "--all"}} {
		out := f.scanFaulty(revisions(revs...))
		if got := out.only(t).Origin; got.Path != "f" || got.History.Reachable {
			t.Errorf("%v: %+v", revs, got)
		}
		if out.coverage.Commits != 2 {
			t.Errorf("%v: %d commits scanned, want 2", revs, out.coverage.Commits)
		}
		if len(out.errors) != 1 || !strings.Contains(out.errors[0].Error(), "/none") {
			t.Errorf("%v: errors %v, want one of the alternate that is not there", revs, out.errors)
		}
	}
}

// TestHistoryOfUnknownFormat: what git does not know is said, in git's words.
func TestHistoryOfUnknownFormat(t *testing.T) {
	f := newFixture(t)
	f.leak()
	f.git("config", "core.repositoryFormatVersion", "1")
	f.git("config", "extensions.refStorage", "novel")
	_, err := Open(context.Background(), f.dir)
	if e := (*Error)(nil); !errors.As(err, &e) || !strings.Contains(strings.ToLower(err.Error()), "refstorage") {
		t.Errorf("error is %v", err)
	}
}

// TestHistoryOfReftable reads refs from reftable where git can write it.
func TestHistoryOfReftable(t *testing.T) {
	f := newFixture(t)
	dir := filepath.Join(t.TempDir(), "reftable")
	if err := f.command("init", "-q", "-b", "main", "--ref-format=reftable", dir).Run(); err == nil {
		f = f.in(dir)
	} else { // the folder alone: refs are asked of git all the same
		writeFile(t, filepath.Join(f.dir, ".git", "reftable", "tables.list"), "")
	}
	f.leak()
	f.git("branch", "old", "HEAD^")
	if got := f.story(f.scan().only(t)); got != leaked+"; branches old; removed by mend" {
		t.Errorf("got %s", got)
	}
}

// TestHistoryOfShallowClone: it is said that history is cut, and a range that
// goes past the cut is no clean one.
func TestHistoryOfShallowClone(t *testing.T) {
	f := newFixture(t)
	f.leak()
	for _, message := range []string{"two", "three", "four"} {
		f.write("g", "{{akia#"+message+"}}\n")
		f.commit(message)
	}
	dir := filepath.Join(t.TempDir(), "shallow")
	f.git("clone", "-q", "--depth=3", "file://"+f.dir, dir)
	clone := f.in(dir)
	out := clone.scan()
	if !out.coverage.Shallow || len(out.findings) != 3 {
		t.Errorf("%d findings, coverage %+v", len(out.findings), out.coverage)
	}
	if got := clone.story(out.of(f, "two")); got != "two in g:1:1; 1 commits; removed by three" {
		t.Errorf("at the cut: %s", got)
	}
	within := clone.scan(revisions("HEAD^..HEAD"))
	if got := clone.story(within.only(t)); got != "four in g:1:1; 1 commits; HEAD; branches main remotes/origin/main" {
		t.Errorf("within: %s", got)
	}
	if n := len(clone.scan(revisions("HEAD")).findings); n != 3 {
		t.Errorf("a branch: %d findings", n)
	}
	past := clone.scanFaulty(revisions("HEAD", "--since=2001-01-01"))
	if len(past.findings) != 3 || len(past.errors) != 1 || !errors.Is(past.errors[0], ErrShallow) {
		t.Errorf("past the cut: %d findings, errors %v", len(past.findings), past.errors)
	}
	unknown := clone.scanFaulty(revisions("HEAD~4..HEAD"))
	if len(unknown.errors) != 1 || !errors.Is(unknown.errors[0], ErrShallow) {
		t.Errorf("from beyond the cut: errors %v", unknown.errors)
	}
}
