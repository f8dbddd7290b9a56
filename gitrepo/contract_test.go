package gitrepo_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source/sourcetest"
)

func TestStagedContract(t *testing.T) {
	w := newWorkTree(t)
	for _, name := range []string{"a", "conflict", "d"} {
		w.write(name, "old\n")
	}
	w.git("add", "--all")
	w.git("commit", "--quiet", "-m", "first")
	large := strings.Repeat("0123456789abcdef\n", 80_000) // is streamed, not read at once
	w.write("a", "old\nnew\n")
	w.write("b", large)
	w.write("d", "")
	w.write("e", "1")
	w.git("add", "--all")
	id := strings.TrimSpace(w.git("rev-parse", "HEAD:conflict"))
	w.git("rm", "--quiet", "--cached", "conflict")
	unmerged := exec.Command("git", "-C", w.dir, "update-index", "--index-info")
	unmerged.Stdin = strings.NewReader("100644 " + id + " 2\tconflict\n")
	if err := unmerged.Run(); err != nil {
		t.Fatal(err)
	}
	sourcetest.Test(t, func(t *testing.T) scanner.Source {
		src, err := gitrepo.OpenStaged(t.Context(), w.dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = src.Repo.Close() })
		return src
	}, sourcetest.Item{Path: "a", Text: "old\nnew\n"}, sourcetest.Item{Path: "b", Text: large},
		sourcetest.Item{Err: "conflict: skipped: unmerged"}, sourcetest.Item{Path: "d"}, sourcetest.Item{Path: "e", Text: "1"})
}
