package hooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWithGit commits and pushes with real git, from a subfolder of a linked
// worktree, with earlier hooks in a folder whose name has a space and a quote.
func TestWithGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	y := newYard(t)
	work := filepath.Join(y.dir, "work")
	git := func(dir string, args ...string) (string, error) {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+y.path)
		out, err := cmd.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	must := func(dir string, args ...string) string {
		t.Helper()
		out, err := git(dir, args...)
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return out
	}
	must(work, "init", "-q", "-b", "main", ".")
	must(work, "commit", "-q", "--allow-empty", "-m", "first")
	must(work, "init", "-q", "--bare", "../it's bare")
	tree := filepath.Join(y.dir, "tree's", "sub")
	must(work, "worktree", "add", "-q", filepath.Dir(tree))
	y.write(filepath.Join(tree, "f"), "f\n", 0o644)

	y.hook = must(tree, "rev-parse", "--path-format=absolute", "--git-path", "hooks")
	for _, h := range []Hook{PreCommit, PrepareCommitMsg, CommitMsg, PrePush} {
		y.write(filepath.Join(y.hook, string(h)), witness("before", y.log(), h == PrePush, "0"), 0o755)
		y.install(Options{Hook: h})
	}
	y.write(y.bin, witness("keyguard", y.log(), false, "0"), 0o755)
	must(tree, "add", "f")
	must(tree, "commit", "-q", "-m", "second")
	y.write(y.bin, witness("keyguard", y.log(), true, "0"), 0o755)
	os.Remove(y.log())
	must(tree, "push", "-q", "../it's bare", "HEAD:refs/heads/x", "HEAD:refs/heads/y")
	head := must(tree, "rev-parse", "HEAD")
	lines := "HEAD " + head + " refs/heads/x " + strings.Repeat("0", 40) + "\nHEAD " + head + " refs/heads/y " + strings.Repeat("0", 40) + "\n"
	const url = "<../it's bare>"
	want := "before: " + url + " " + url + "\n" + lines + "keyguard: <hook> <pre-push> " + url + " " + url + "\n" + lines
	if log, _ := os.ReadFile(y.log()); string(log) != want {
		t.Errorf("push: log\n%s\nwant\n%s", log, want)
	}

	y.write(y.bin, witness("keyguard", y.log(), false, "1"), 0o755)
	y.write(filepath.Join(tree, "f"), "g\n", 0o644)
	if out, err := git(tree, "commit", "-qam", "third"); err == nil || must(tree, "rev-parse", "HEAD") != head {
		t.Errorf("commit was not blocked: %s", out)
	}

	y.bin = filepath.Join(y.dir, "gone")
	y.hook = must(filepath.Join(y.dir, "it's bare"), "rev-parse", "--path-format=absolute", "--git-path", "hooks")
	y.install(Options{Hook: PreReceive})
	out, err := git(tree, "push", "-q", "--no-verify", "../it's bare", "HEAD:refs/heads/z")
	if err == nil || !strings.Contains(out, "remote: keyguard: error: not at "+y.bin) {
		t.Errorf("push was not blocked: %s", out)
	}
}
