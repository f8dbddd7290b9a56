package gitrepo

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRefsEqualRevList compares what refs reach with git rev-list --all, from each work
// tree of a repository that has refs of all kinds.
func TestRefsEqualRevList(t *testing.T) {
	for _, bare := range []bool{false, true} {
		f := newFixture(t)
		commits := make(map[string]string)
		commit := func(name string) string {
			commits[name] = f.commit(name, "--allow-empty")
			return commits[name]
		}
		commit("root")
		f.git("checkout", "-q", "-b", "topic")
		f.git("tag", "-a", "-m", "m", "v1", commit("tagged"))
		f.git("update-ref", "refs/pull/7/head", commit("pulled"))
		f.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/pull/7/head")
		f.git("symbolic-ref", "refs/remotes/gone/HEAD", "refs/remotes/gone/main")
		f.git("checkout", "-q", "main")
		f.git("branch", "-q", "-D", "topic")
		f.git("pack-refs", "--all")
		linked := filepath.Join(t.TempDir(), "linked tree")
		f.git("worktree", "add", "-q", "--detach", linked)
		l := f.in(linked)
		l.commit("detached", "--allow-empty")
		l.git("update-ref", "refs/bisect/bad", l.commit("bisected", "--allow-empty"))
		l.git("reset", "-q", "--hard", "HEAD^")
		commit("lost")
		f.git("reset", "-q", "--hard", "HEAD^")
		commit("ahead")
		if bare {
			f.git("config", "core.bare", "true")
		}
		for _, at := range []*fixture{f, l} {
			want := append(strings.Fields(f.git("rev-list", "--all")), l.git("rev-parse", "refs/bisect/bad"))
			refs, err := at.open().refs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[string]bool)
			for _, r := range refs {
				for id := range strings.FieldsSeq(f.git("rev-list", r.id.String())) {
					got[id] = true
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			if got := slices.Sorted(maps.Keys(got)); !slices.Equal(got, want) {
				t.Errorf("bare %v, from %s: reached %v, want %v", bare, at.dir, got, want)
			}
			if refs[0].name != "HEAD" {
				t.Errorf("the first ref is %s", refs[0].name)
			}
		}
	}
}

// TestRefsNotListed: where refs cannot be listed nothing is left out as unreachable, and
// that is an error.
func TestRefsNotListed(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(f *fixture, git string)
	}{
		{"packed refs that are garbage", func(f *fixture, git string) { writeFile(f.t, filepath.Join(git, "packed-refs"), "garbage\n") }},
		{"a ref that is garbage", func(f *fixture, git string) { writeFile(f.t, filepath.Join(git, "refs/heads/broken"), "garbage\n") }},
		{"an empty ref", func(f *fixture, git string) { writeFile(f.t, filepath.Join(git, "refs/heads/broken"), "") }},
		{"a ref of a wrong name", func(f *fixture, git string) {
			writeFile(f.t, filepath.Join(git, "refs/heads/a..b"), f.git("rev-parse", "HEAD")+"\n")
		}},
		{"a folder of refs in circles", func(f *fixture, git string) {
			if err := os.Symlink("x", filepath.Join(git, "refs", "x")); err != nil {
				f.t.Skip(err)
			}
		}},
		{"a broken HEAD of another work tree", func(f *fixture, git string) {
			writeFile(f.t, filepath.Join(git, "worktrees/other/HEAD"), "garbage\n")
			writeFile(f.t, filepath.Join(git, "worktrees/other/commondir"), "../..\n")
		}},
		{"a folder that may not be read", func(f *fixture, git string) {
			dir := filepath.Join(git, "refs", "heads", "closed")
			if err := os.Mkdir(dir, 0); err != nil {
				f.t.Fatal(err)
			}
			if _, err := os.ReadDir(dir); err == nil {
				f.t.Skip("this user may read all")
			}
			f.t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.leak()
			f.git("reset", "-q", "--hard", f.git("rev-list", "--max-parents=0", "HEAD"))
			f.git("reflog", "expire", "--expire=now", "--all")
			c.spoil(f, filepath.Join(f.dir, ".git"))
			for name, set := range map[string]func(*History){
				"reachable only": func(h *History) { h.ReachableOnly, h.Revisions = true, []string{"--all"} },
				"since":          revisions("--all", "--since=2000-01-01"),
				"all":            func(*History) {},
			} {
				out := f.scanFaulty(set)
				if len(out.findings) != 1 || len(out.errors) == 0 {
					t.Errorf("%s: %d findings, errors %v", name, len(out.findings), out.errors)
				}
			}
		})
	}
}

// TestRefsThatLeadNowhere are no fault.
func TestRefsThatLeadNowhere(t *testing.T) {
	f := newFixture(t)
	if refs, err := f.open().refs(t.Context()); err != nil || len(refs) > 0 {
		t.Errorf("of a new repository: %v, %v", refs, err)
	}
	f.leak()
	f.git("symbolic-ref", "HEAD", "refs/heads/none")
	f.git("symbolic-ref", "refs/remotes/broken/HEAD", "refs/remotes/broken/main")
	writeFile(t, filepath.Join(f.dir, ".git/refs/heads/.DS_Store"), "\x00\x01")
	writeFile(t, filepath.Join(f.dir, ".git/refs/heads/main.lock"), "")
	if err := os.MkdirAll(filepath.Join(f.dir, ".git/worktrees/left over"), 0o755); err != nil {
		t.Fatal(err)
	}
	refs, err := f.open().refs(t.Context())
	if err != nil || len(refs) != 1 || refs[0].name != "refs/heads/main" {
		t.Errorf("refs %v, %v", refs, err)
	}
}

// TestReadRefsEqualsGit shows which repositories need no git process for their refs.
func TestReadRefsEqualsGit(t *testing.T) {
	for _, c := range []struct {
		name  string
		setup func(f *fixture)
		read  bool
	}{
		{"loose refs", func(f *fixture) { f.git("branch", "topic/one") }, true},
		{"packed refs", func(f *fixture) { f.git("pack-refs", "--all") }, true},
		{"loose and packed", func(f *fixture) {
			f.git("pack-refs", "--all")
			f.git("branch", "later")
			f.git("commit", "-q", "--allow-empty", "-m", "x")
		}, true},
		{"annotated tags", func(f *fixture) { f.git("tag", "-a", "v1", "-m", "v1"); f.git("pack-refs", "--all") }, true},
		{"a detached HEAD", func(f *fixture) { f.git("checkout", "-q", "--detach") }, true},
		{"a branch without commits", func(f *fixture) { f.git("checkout", "-q", "--orphan", "new") }, true},
		{"a remote's HEAD", func(f *fixture) {
			f.git("update-ref", "refs/remotes/origin/main", "HEAD")
			f.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
		}, true},
		{"a dangling symbolic ref", func(f *fixture) { f.git("symbolic-ref", "refs/heads/gone", "refs/heads/none") }, false},
		{"a broken ref", func(f *fixture) { writeFile(f.t, filepath.Join(f.dir, ".git/refs/heads/broken"), "no ID\n") }, false},
		{"a truncated ID in packed-refs", func(f *fixture) {
			writeFile(f.t, filepath.Join(f.dir, ".git/packed-refs"), f.git("rev-parse", "HEAD")[:39]+" refs/heads/cut\n")
		}, false},
		{"a broken HEAD", func(f *fixture) { writeFile(f.t, filepath.Join(f.dir, ".git/HEAD"), "no ID\n") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.leak()
			r := f.open()
			c.setup(f)
			loose, err := r.looseRefs(r.GitDir)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := r.readRefs(r.GitDir, loose)
			if ok != c.read {
				t.Fatalf("read without git: %v", ok)
			}
			want, err := r.refsByGit(t.Context(), r.GitDir)
			inOrder := func(a, b ref) int { return strings.Compare(a.name, b.name) }
			slices.SortFunc(got, inOrder)
			slices.SortFunc(want, inOrder)
			if ok && (err != nil || !slices.Equal(got, want)) {
				t.Errorf("got  %v\nwant %v, %v", got, want, err)
			}
		})
	}
}
