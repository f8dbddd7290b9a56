package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
)

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
			f.Leak()
			return f
		}, leaked},
		{"SHA-256, packed", []string{"--object-format=sha256"}, func(f *fixture) *fixture {
			f.Leak()
			f.Git("tag", "-a", "-m", "m", "v1", "HEAD^")
			f.Git("gc", "-q")
			return f
		}, leaked + "; tags v1"},
		{"a folder of the work tree", nil, func(f *fixture) *fixture {
			f.Leak()
			f.Write("d/e/g", "1\n")
			return f.in(filepath.Join(f.Dir, "d", "e"))
		}, leaked},
		{"the git folder itself", nil, func(f *fixture) *fixture {
			f.Leak()
			return f.in(filepath.Join(f.Dir, ".git"))
		}, leaked},
		{"a bare clone", nil, func(f *fixture) *fixture {
			f.Leak()
			dir := filepath.Join(f.T.TempDir(), "bare.git")
			f.Git("clone", "-q", "--bare", "--no-local", f.Dir, dir)
			return f.in(dir)
		}, leaked},
		{"a clone that shares objects of one that does so too", nil, func(f *fixture) *fixture {
			f.Leak()
			one, two := filepath.Join(f.T.TempDir(), "one"), filepath.Join(f.T.TempDir(), "two")
			f.Git("clone", "-q", "--shared", f.Dir, one)
			f.Git("clone", "-q", "--shared", one, two)
			return f.in(two)
		}, leaked},
		{"a separate git folder", nil, func(f *fixture) *fixture {
			f.Leak()
			f.Git("init", "-q", "--separate-git-dir", filepath.Join(f.T.TempDir(), "elsewhere"))
			return f
		}, leaked},
		{"a submodule", nil, func(f *fixture) *fixture {
			f.Leak()
			super := newFixture(f.T)
			super.Git("submodule", "--quiet", "add", f.Dir, "sub")
			super.Commit("add a submodule")
			if n := len(super.scan().findings); n != 0 {
				f.T.Errorf("%d findings above the submodule", n)
			}
			return f.in(filepath.Join(super.Dir, "sub"))
		}, leaked},
		{"a cruft pack", nil, func(f *fixture) *fixture {
			f.Commit("root")
			f.Git("checkout", "-qb", "side")
			f.Leak()
			f.Git("checkout", "-q", "main")
			f.Git("branch", "-D", "side")
			f.Git("reflog", "expire", "--expire=now", "--all")
			f.Git("repack", "--cruft", "--cruft-expiration=never", "-dq")
			if cruft, _ := filepath.Glob(filepath.Join(f.Objects(), "pack", "*.mtimes")); len(cruft) != 1 {
				f.T.Skip("this git writes no cruft packs")
			}
			return f
		}, leaked + "; unreachable"},
		{"several packs, a bitmap, a multi-pack index and a commit-graph", nil, func(f *fixture) *fixture {
			f.Leak()
			f.Git("repack", "-dq")
			f.Commit("more")
			f.Git("repack", "-dq")
			f.Git("multi-pack-index", "write", "--bitmap")
			f.Git("commit-graph", "write", "--reachable")
			return f
		}, leaked},
		{"a clone with all objects of a promisor", nil, func(f *fixture) *fixture {
			f.Leak()
			dir := filepath.Join(f.T.TempDir(), "clone")
			f.Git("config", "uploadpack.allowFilter", "true")
			f.Git("clone", "-q", "--no-checkout", "--filter=blob:limit=1m", "file://"+f.Dir, dir)
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
	f.Write("f", "{{akia#key}}\n")
	f.Git("add", "f")
	const want = "no commit, :1; 0 commits; unreachable"
	if got := f.story(f.scan().only(t)); got != want {
		t.Errorf("a branch to be born: got %s, want %s", got, want)
	}
	f.Commit("first")
	f.Git("checkout", "-q", "--orphan", "unborn")
	if got := f.story(f.scan().only(t)); got != "first in f:1:1; 1 commits; branches main" {
		t.Errorf("a branch to be born beside another: %s", got)
	}
}

// TestHistoryInQuarantine: in a pre-receive hook objects are where the variables
// say.
func TestHistoryInQuarantine(t *testing.T) {
	f := newFixture(t)
	f.Commit("root")
	base := f.Git("rev-parse", "HEAD")
	f.Git("update-ref", "refs/heads/old", base)
	incoming := filepath.Join(t.TempDir(), "incoming")
	if err := os.Mkdir(incoming, 0o777); err != nil {
		t.Fatal(err)
	}
	own := f.Objects()
	f.Env = []string{"GIT_OBJECT_DIRECTORY=" + incoming, `GIT_ALTERNATE_OBJECT_DIRECTORIES=/none:"` + own + `"`}
	f.Leak()
	pushed := f.Git("rev-parse", "HEAD")
	f.Git("update-ref", "refs/heads/main", base)
	for _, v := range f.Env {
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

// TestHistoryOfUnknownFormat: the error for an unknown repository format is the message
// of git.
func TestHistoryOfUnknownFormat(t *testing.T) {
	f := newFixture(t)
	f.Leak()
	f.Git("config", "core.repositoryFormatVersion", "1")
	f.Git("config", "extensions.refStorage", "novel")
	_, err := gitrepo.Open(context.Background(), f.Dir)
	if e := (*gitrepo.Error)(nil); !errors.As(err, &e) || !strings.Contains(strings.ToLower(err.Error()), "refstorage") {
		t.Errorf("error is %v", err)
	}
}

// TestHistoryOfReftable reads refs from reftable where git can write it.
func TestHistoryOfReftable(t *testing.T) {
	f := newFixture(t)
	dir := filepath.Join(t.TempDir(), "reftable")
	if err := f.Command("init", "-q", "-b", "main", "--ref-format=reftable", dir).Run(); err == nil {
		f = f.in(dir)
	} else { // the folder alone: refs are asked of git all the same
		gittest.WriteFile(t, filepath.Join(f.Dir, ".git", "reftable", "tables.list"), "")
	}
	f.Leak()
	f.Git("branch", "old", "HEAD^")
	if got := f.story(f.scan().only(t)); got != leaked+"; branches old; removed by mend" {
		t.Errorf("got %s", got)
	}
}

// TestHistoryOfShallowClone: it is said that history is cut, and a range that
// goes past the cut is no clean one.
func TestHistoryOfShallowClone(t *testing.T) {
	f := newFixture(t)
	f.Leak()
	for _, message := range []string{"two", "three", "four"} {
		f.Write("g", "{{akia#"+message+"}}\n")
		f.Commit(message)
	}
	dir := filepath.Join(t.TempDir(), "shallow")
	f.Git("clone", "-q", "--depth=3", "file://"+f.Dir, dir)
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
	if len(past.findings) != 3 || len(past.errors) != 1 || !errors.Is(past.errors[0], gitrepo.ErrShallow) {
		t.Errorf("past the cut: %d findings, errors %v", len(past.findings), past.errors)
	}
	unknown := clone.scanFaulty(revisions("HEAD~4..HEAD"))
	if len(unknown.errors) != 1 || !errors.Is(unknown.errors[0], gitrepo.ErrShallow) {
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
			f.Git("clone", "-q", "--depth=2", "file://"+f.Dir, dir)
			return f.in(dir)
		}, map[string]string{
			"old": "new in f:1:1 or before; 2 commits; HEAD", "new": "new in f:2:1 or before; 2 commits; HEAD", "message": "message of new; 1 commits", "last": "last in f:3:1; 1 commits; HEAD",
		}},
		{"no cut but at the root", func(f *fixture) *fixture {
			gittest.WriteFile(t, filepath.Join(f.Dir, ".git", "shallow"), f.Git("rev-parse", "HEAD~2")+"\n")
			return f
		}, map[string]string{"old": "old in f:1:1; 3 commits; HEAD"}},
		{"a parent is missing", func(f *fixture) *fixture {
			f.remove(f.Git("rev-parse", "HEAD~2"))
			return f
		}, map[string]string{"old": "new in f:1:1 or before; 2 commits; HEAD", "last": "last in f:3:1; 1 commits; HEAD"}},
		{"a parent's tree is missing", func(f *fixture) *fixture {
			f.remove(f.Git("rev-parse", "HEAD~2^{tree}"))
			return f
		}, map[string]string{"old": "new in f:1:1 or before; 2 commits; HEAD", "last": "last in f:3:1; 1 commits; HEAD"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.Write("f", "{{akia#old}}\n")
			f.Commit("old")
			f.Write("f", "{{akia#old}}\n{{akia#new}}\n")
			f.Commit(f.Text("new\n\n{{akia#message}}"))
			f.Write("f", "{{akia#old}}\n{{akia#new}}\n{{akia#last}}\n")
			f.Commit("last")
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
	f.Write("f", "{{akia#gone}}\n")
	f.Commit("base")
	f.Git("checkout", "-q", "-b", "side")
	f.Write("f", "x\n")
	f.Write("g", "{{akia#side}}\n")
	f.Commit("side")
	f.Git("checkout", "-q", "main")
	f.Write("h", "x\n")
	f.Commit("main")
	f.Git("merge", "-q", "--no-edit", "-m", "merge", "side")
	f.remove(f.Git("rev-parse", "side"))
	out := f.scanFaulty()
	for name, want := range map[string]string{"side": "merge in g:1:1 or before; 1 commits; HEAD; branches main", "gone": "base in f:1:1; 2 commits"} {
		if got := f.story(out.of(f, name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
