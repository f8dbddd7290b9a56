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
	if got := clone.story(out.of(f, "two")); got != "two in g:1:1 or before; 1 commits; removed by three" {
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

// TestOriginBeyondWhatIsHere: a commit of which a parent is missing need not be the one
// that brought what it holds.
func TestOriginBeyondWhatIsHere(t *testing.T) {
	for _, c := range []struct {
		name string
		cut  func(f *fixture) *fixture // of the three commits old, new and last
		want map[string]string         // of a credential, by its name
	}{
		{"whole", func(f *fixture) *fixture { return f }, map[string]string{
			"old": "old in f:1:1; 3 commits; HEAD", "new": "new in f:2:1; 2 commits; HEAD", "message": "message of new; 1 commits", "last": "last in f:3:1; 1 commits; HEAD",
		}},
		{"shallow", func(f *fixture) *fixture {
			dir := filepath.Join(t.TempDir(), "shallow")
			f.git("clone", "-q", "--depth=2", "file://"+f.dir, dir)
			return f.in(dir)
		}, map[string]string{
			"old": "new in f:1:1 or before; 2 commits; HEAD", "new": "new in f:2:1 or before; 2 commits; HEAD", "message": "message of new; 1 commits", "last": "last in f:3:1; 1 commits; HEAD",
		}},
		{"no cut but at the root", func(f *fixture) *fixture {
			writeFile(t, filepath.Join(f.dir, ".git", "shallow"), f.git("rev-parse", "HEAD~2")+"\n")
			return f
		}, map[string]string{"old": "old in f:1:1; 3 commits; HEAD"}},
		{"a parent is missing", func(f *fixture) *fixture {
			f.remove(f.git("rev-parse", "HEAD~2"))
			return f
		}, map[string]string{"old": "new in f:1:1 or before; 2 commits; HEAD", "last": "last in f:3:1; 1 commits; HEAD"}},
		{"a parent's tree is missing", func(f *fixture) *fixture {
			f.remove(f.git("rev-parse", "HEAD~2^{tree}"))
			return f
		}, map[string]string{"old": "new in f:1:1 or before; 2 commits; HEAD", "last": "last in f:3:1; 1 commits; HEAD"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.write("f", "{{akia#old}}\n")
			f.commit("old")
			f.write("f", "{{akia#old}}\n{{akia#new}}\n")
			f.commit(f.text("new\n\n{{akia#message}}"))
			f.write("f", "{{akia#old}}\n{{akia#new}}\n{{akia#last}}\n")
			f.commit("last")
			clone := c.cut(f)
			out := clone.scanFaulty()
			for name, want := range c.want {
				got, _, _ := strings.Cut(clone.story(out.of(f, name)), "; branches")
				if got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
		})
	}
}

// TestOriginBeyondAMerge: of a merge that lacks one parent nobody knows what it
// brought, or took out.
func TestOriginBeyondAMerge(t *testing.T) {
	f := newFixture(t)
	f.write("f", "{{akia#gone}}\n")
	f.commit("base")
	f.git("checkout", "-q", "-b", "side")
	f.write("f", "x\n")
	f.write("g", "{{akia#side}}\n")
	f.commit("side")
	f.git("checkout", "-q", "main")
	f.write("h", "x\n")
	f.commit("main")
	f.git("merge", "-q", "--no-edit", "-m", "merge", "side")
	f.remove(f.git("rev-parse", "side"))
	out := f.scanFaulty()
	for name, want := range map[string]string{"side": "merge in g:1:1 or before; 1 commits; HEAD; branches main", "gone": "base in f:1:1; 2 commits"} {
		if got := f.story(out.of(f, name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
