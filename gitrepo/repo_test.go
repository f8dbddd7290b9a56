package gitrepo_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
)

func TestOpen(t *testing.T) {
	w := newWorkTree(t)
	w.write("sub/a.txt", "a\n")
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message", "first")
	w.git("commit", "--quiet", "--message", "second", "--allow-empty")
	w.git("worktree", "add", "--quiet", "linked")
	w.git("clone", "--quiet", "--bare", ".", "bare.git")
	w.git("clone", "--quiet", "--depth", "1", "file://"+filepath.ToSlash(w.dir), "shallow")
	w.git("init", "--quiet", "--object-format=sha256", "long")
	w.git("init", "--quiet", "--separate-git-dir=elsewhere", "apart")
	for _, c := range []struct {
		dir, root, gitDir, common string // below the work tree
		bare, shallow             bool
	}{
		{dir: ".", root: ".", gitDir: ".git", common: ".git"},
		{dir: "sub", root: ".", gitDir: ".git", common: ".git"},
		{dir: "linked/sub", root: "linked", gitDir: ".git/worktrees/linked", common: ".git"},
		{dir: "bare.git", root: "", gitDir: "bare.git", common: "bare.git", bare: true},
		{dir: "bare.git/refs", root: "", gitDir: "bare.git", common: "bare.git", bare: true},
		{dir: "shallow", root: "shallow", gitDir: "shallow/.git", common: "shallow/.git", shallow: true},
		{dir: "long", root: "long", gitDir: "long/.git", common: "long/.git"},
		{dir: "apart", root: "apart", gitDir: "elsewhere", common: "elsewhere"},
		{dir: ".git", root: "", gitDir: ".git", common: ".git"},
	} {
		t.Run(c.dir, func(t *testing.T) {
			r, err := gitrepo.Open(context.Background(), w.path(c.dir))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			root := ""
			if c.root != "" {
				root = w.path(c.root)
			}
			if r.Dir != w.path(c.dir) || r.Root != root || r.GitDir != w.path(c.gitDir) || r.Common != w.path(c.common) ||
				r.Objects != w.path(c.common+"/objects") || r.Bare != c.bare || r.Shallow != c.shallow {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	w := newWorkTree(t)
	if _, err := gitrepo.Open(context.Background(), filepath.Dir(w.dir)); !errors.Is(err, gitrepo.ErrNotRepo) {
		t.Errorf("outside: %v", err)
	}
	if _, err := gitrepo.Open(context.Background(), w.path("nosuch")); err == nil {
		t.Error("a folder that is not there was opened")
	}
	w.write(".git/config", "[core\n")
	var refusal *gitrepo.Error
	if _, err := gitrepo.Open(context.Background(), w.dir); !errors.As(err, &refusal) || !strings.Contains(refusal.Message, "bad config") {
		t.Errorf("bad configuration: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := gitrepo.Open(context.Background(), w.dir); !errors.Is(err, gitrepo.ErrNoGit) {
		t.Errorf("without git: %v", err)
	}
}

func TestHooksDir(t *testing.T) {
	w := newWorkTree(t)
	w.write("sub/a.txt", "a\n")
	elsewhere := t.TempDir()
	for _, c := range []struct{ name, hooksPath, dir, want string }{
		{"as it is", "", ".", w.path(".git/hooks")},
		{"in a subfolder", "", "sub", w.path(".git/hooks")},
		{"absolute", elsewhere, "sub", elsewhere},
		{"from the top", ".githooks", ".", w.path(".githooks")},
		{"from the top, in a subfolder", ".githooks", "sub", w.path(".githooks")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.hooksPath != "" {
				w.git("config", "core.hooksPath", c.hooksPath)
				defer w.git("config", "--unset", "core.hooksPath")
			}
			r, err := gitrepo.Open(context.Background(), w.path(c.dir))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if got, err := r.HooksDir(context.Background()); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

// TestAlternates: objects are found in the folders of
// GIT_ALTERNATE_OBJECT_DIRECTORIES, quoted or not, as the hooks of a push get it.
func TestAlternates(t *testing.T) {
	w := newWorkTree(t)
	w.write("a.txt", "a\n")
	w.git("add", "a.txt")
	objects := w.path(".git/objects")
	moved := filepath.Join(t.TempDir(), "a \"b\"")
	if err := errors.Join(os.Rename(objects, moved), os.MkdirAll(objects, 0o755)); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{moved, "/nosuch" + string(os.PathListSeparator) + moved, `"` + strings.ReplaceAll(moved, `"`, `\"`) + `"`} {
		t.Setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", list)
		if f := w.staged()["a.txt"]; f.text != "a\n" {
			t.Errorf("%s: %q", list, f.text)
		}
	}
}
