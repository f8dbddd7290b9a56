package gitrepo

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
)

// TestRefsEqualRevList compares what refs reach with git rev-list --all, from each work
// tree of a repository that has refs of all kinds.
func TestRefsEqualRevList(t *testing.T) {
	for _, bare := range []bool{false, true} {
		f := newFixture(t)
		commits := make(map[string]string)
		commit := func(name string) string {
			commits[name] = f.Commit(name, "--allow-empty")
			return commits[name]
		}
		commit("root")
		f.Git("checkout", "-q", "-b", "topic")
		f.Git("tag", "-a", "-m", "m", "v1", commit("tagged"))
		f.Git("update-ref", "refs/pull/7/head", commit("pulled"))
		f.Git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/pull/7/head")
		f.Git("symbolic-ref", "refs/remotes/gone/HEAD", "refs/remotes/gone/main")
		f.Git("checkout", "-q", "main")
		f.Git("branch", "-q", "-D", "topic")
		f.Git("pack-refs", "--all")
		linked := filepath.Join(t.TempDir(), "linked tree")
		f.Git("worktree", "add", "-q", "--detach", linked)
		l := f.in(linked)
		l.Commit("detached", "--allow-empty")
		l.Git("update-ref", "refs/bisect/bad", l.Commit("bisected", "--allow-empty"))
		l.Git("reset", "-q", "--hard", "HEAD^")
		commit("lost")
		f.Git("reset", "-q", "--hard", "HEAD^")
		commit("ahead")
		if bare {
			f.Git("config", "core.bare", "true")
		}
		for _, at := range []*fixture{f, l} {
			want := append(strings.Fields(f.Git("rev-list", "--all")), l.Git("rev-parse", "refs/bisect/bad"))
			refs, err := at.open().Refs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[string]bool)
			for _, r := range refs {
				for id := range strings.FieldsSeq(f.Git("rev-list", r.ID.String())) {
					got[id] = true
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			if got := slices.Sorted(maps.Keys(got)); !slices.Equal(got, want) {
				t.Errorf("bare %v, from %s: reached %v, want %v", bare, at.Dir, got, want)
			}
			if refs[0].Name != "HEAD" {
				t.Errorf("the first ref is %s", refs[0].Name)
			}
		}
	}
}

// TestRefsThatLeadNowhere are no fault.
func TestRefsThatLeadNowhere(t *testing.T) {
	f := newFixture(t)
	if refs, err := f.open().Refs(t.Context()); err != nil || len(refs) > 0 {
		t.Errorf("of a new repository: %v, %v", refs, err)
	}
	f.Leak()
	f.Git("symbolic-ref", "HEAD", "refs/heads/none")
	f.Git("symbolic-ref", "refs/remotes/broken/HEAD", "refs/remotes/broken/main")
	gittest.WriteFile(t, filepath.Join(f.Dir, ".git/refs/heads/.DS_Store"), "\x00\x01")
	gittest.WriteFile(t, filepath.Join(f.Dir, ".git/refs/heads/main.lock"), "")
	if err := os.MkdirAll(filepath.Join(f.Dir, ".git/worktrees/left over"), 0o755); err != nil {
		t.Fatal(err)
	}
	refs, err := f.open().Refs(t.Context())
	if err != nil || len(refs) != 1 || refs[0].Name != "refs/heads/main" {
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
		{"loose refs", func(f *fixture) { f.Git("branch", "topic/one") }, true},
		{"packed refs", func(f *fixture) { f.Git("pack-refs", "--all") }, true},
		{"loose and packed", func(f *fixture) {
			f.Git("pack-refs", "--all")
			f.Git("branch", "later")
			f.Git("commit", "-q", "--allow-empty", "-m", "x")
		}, true},
		{"annotated tags", func(f *fixture) { f.Git("tag", "-a", "v1", "-m", "v1"); f.Git("pack-refs", "--all") }, true},
		{"a detached HEAD", func(f *fixture) { f.Git("checkout", "-q", "--detach") }, true},
		{"a branch without commits", func(f *fixture) { f.Git("checkout", "-q", "--orphan", "new") }, true},
		{"a remote's HEAD", func(f *fixture) {
			f.Git("update-ref", "refs/remotes/origin/main", "HEAD")
			f.Git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
		}, true},
		{"a dangling symbolic ref", func(f *fixture) { f.Git("symbolic-ref", "refs/heads/gone", "refs/heads/none") }, false},
		{"a broken ref", func(f *fixture) { gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git/refs/heads/broken"), "no ID\n") }, false},
		{"a truncated ID in packed-refs", func(f *fixture) {
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git/packed-refs"), f.Git("rev-parse", "HEAD")[:39]+" refs/heads/cut\n")
		}, false},
		{"a broken HEAD", func(f *fixture) { gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git/HEAD"), "no ID\n") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.Leak()
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
			inOrder := func(a, b Ref) int { return strings.Compare(a.Name, b.Name) }
			slices.SortFunc(got, inOrder)
			slices.SortFunc(want, inOrder)
			if ok && (err != nil || !slices.Equal(got, want)) {
				t.Errorf("got  %v\nwant %v, %v", got, want, err)
			}
		})
	}
}
