package gitrepo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/scanner"
)

// workTree is a repository to try things in.
type workTree struct {
	t   *testing.T
	dir string
}

// newWorkTree makes a repository that has a user's configuration.
func newWorkTree(t *testing.T, args ...string) workTree {
	t.Helper()
	config := filepath.Join(t.TempDir(), "config")
	text := "[user]\n\tname = A\n\temail = a@example.com\n[protocol \"file\"]\n\tallow = always\n[init]\n\tdefaultBranch = main\n"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	w := workTree{t, dir}
	w.git(append([]string{"init", "--quiet"}, args...)...)
	return w
}

func (w workTree) git(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = w.dir
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

func (w workTree) path(name string) string { return filepath.Join(w.dir, name) }

func (w workTree) write(name, text string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(w.path(name)), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(w.path(name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// stagedFile is what Staged says of a path.
type stagedFile struct {
	text  string
	lines []int // that count
}

func (w workTree) staged() map[string]stagedFile {
	w.t.Helper()
	src, err := gitrepo.OpenStaged(context.Background(), w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer src.Repo.Close()
	out := make(map[string]stagedFile)
	for b, err := range src.Blobs(context.Background()) {
		if err != nil {
			w.t.Fatal(err)
		}
		out[b.Origin.Path] = readBlob(w.t, b)
	}
	return out
}

func readBlob(t *testing.T, b *scanner.Blob) (f stagedFile) {
	t.Helper()
	r, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	only, err := b.Only(scanner.Lines{{First: 1, Last: math.MaxInt}})
	if err != nil {
		t.Fatal(err)
	}
	f.text = string(text)
	for i := range strings.Count(f.text, "\n") {
		if only.Touch(i+1, i+1) {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

// TestStagedEqualsModel stages random edits of random files and compares with
// what was done, of which git knows nothing.
func TestStagedEqualsModel(t *testing.T) {
	w := newWorkTree(t)
	rng := rand.New(rand.NewPCG(1, 2))
	before, there := make(map[string]string), make(map[string]string)
	for round := range 12 {
		after := edit(rng, before)
		for name := range there {
			if err := os.Remove(w.path(name)); err != nil {
				t.Fatal(err)
			}
		}
		there = after
		for name, text := range after {
			w.write(name, text)
		}
		w.git("add", "--all")
		compare(t, round, before, after, w.staged())
		if round%3 != 2 { // else the next edits take the place of these
			w.git("commit", "--quiet", "--allow-empty", "--message", fmt.Sprint(round))
			before = after
		}
	}
}

// edit returns other files than before: some changed, moved, gone or new.
func edit(rng *rand.Rand, before map[string]string) map[string]string {
	after := make(map[string]string)
	name := func() string { return fmt.Sprintf("%c/%d.txt", 'a'+rune(rng.IntN(3)), rng.IntN(40)) }
	for _, old := range slices.Sorted(maps.Keys(before)) {
		switch text := before[old]; rng.IntN(5) {
		case 0: // gone
		case 1:
			after[name()] = text
		case 2:
			lines := strings.SplitAfter(text, "\n")
			at := rng.IntN(len(lines))
			after[old] = strings.Join(slices.Insert(lines, at, fmt.Sprintf("line %d\n", rng.IntN(30))), "")
		default:
			after[old] = text
		}
	}
	for range 3 {
		var text strings.Builder
		for range 5 + rng.IntN(9) {
			fmt.Fprintf(&text, "line %d\n", rng.IntN(30))
		}
		after[name()] = text.String()
	}
	return after
}

// compare checks each path. Which file a new one comes from is git's guess, so
// any that is gone will do, and none.
func compare(t *testing.T, round int, before, after map[string]string, got map[string]stagedFile) {
	t.Helper()
	for name, text := range after {
		old, existed := before[name]
		if existed && old == text {
			continue
		}
		bases := []string{old}
		if !existed {
			for gone, text := range before {
				if _, still := after[gone]; !still {
					bases = append(bases, text)
				}
			}
		}
		f, ok := got[name]
		delete(got, name)
		if !ok || f.text != text {
			t.Errorf("round %d: %s is %q, not %q", round, name, f.text, text)
		}
		if !slices.ContainsFunc(bases, func(base string) bool { return slices.Equal(added(base, text), f.lines) }) {
			t.Errorf("round %d: of %s count %v, but %q became %q", round, name, f.lines, bases, text)
		}
	}
	for name := range got {
		t.Errorf("round %d: %s is not staged", round, name)
	}
}

// added returns the lines of text of which it has more than old, without those that
// both begin or end with.
func added(old, text string) (lines []int) {
	a, b := slices.Collect(strings.Lines(old)), slices.Collect(strings.Lines(text))
	n := 0
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b, n = a[1:], b[1:], n+1
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	old, text = strings.Join(a, ""), strings.Join(b, "")
	count := make(map[string]int)
	for line := range strings.Lines(text) {
		count[line]++
	}
	for line := range strings.Lines(old) {
		count[line]--
	}
	for line := range strings.Lines(text) {
		if n++; count[line] > 0 {
			lines = append(lines, n)
		}
	}
	return lines
}

// TestStagedSizes: content is the same whether it is read at once or streamed.
func TestStagedSizes(t *testing.T) {
	w := newWorkTree(t)
	want := make(map[string]int)
	for _, size := range []int{0, 1, 1 << 20, 1<<20 + 1, 5 << 20} {
		name := fmt.Sprintf("%d.bin", size)
		want[name] = size
		w.write(name, strings.Repeat("0123456789abcde\n", size/16+1)[:size])
	}
	w.git("add", "--all")
	for name, f := range w.staged() {
		if len(f.text) != want[name] || !strings.HasPrefix(strings.Repeat("0123456789abcde\n", 1<<19), f.text) {
			t.Errorf("%s has %d bytes, or others", name, len(f.text))
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("not staged: %v", want)
	}
}

// TestStagedStops: a caller that has enough gets no more, and git is not left
// behind.
func TestStagedStops(t *testing.T) {
	w := newWorkTree(t)
	for i := range 1000 {
		w.write(fmt.Sprint(i), fmt.Sprintf("%d\n", i))
	}
	w.git("add", "--all")
	repo, err := gitrepo.Open(context.Background(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	n := 0
	for range (gitrepo.Staged{Repo: repo}).Blobs(context.Background()) {
		if n++; n == 3 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ahead, err := gitrepo.OpenStaged(ctx, w.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ahead.Repo.Close()
	cancel()
	for what, src := range map[string]gitrepo.Staged{"on demand": {Repo: repo}, "ahead": ahead} {
		var last error
		for _, err := range src.Blobs(ctx) {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), context.Canceled.Error()) {
			t.Errorf("%s, cancelled: %v", what, last)
		}
	}
}

func TestOpenStagedOutsideOfRepositories(t *testing.T) {
	if _, err := gitrepo.OpenStaged(context.Background(), t.TempDir()); !errors.Is(err, gitrepo.ErrNotRepo) {
		t.Errorf("%v, want ErrNotRepo", err)
	}
}

// TestStagedIndexDamage: whatever bytes of the index are lost or changed, it is
// not taken for one that stages nothing.
func TestStagedIndexDamage(t *testing.T) {
	w := newWorkTree(t)
	w.write("a.txt", "a\n")
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message", "first")
	w.write("b.txt", "b\n")
	w.git("add", "--all")
	index, err := os.ReadFile(w.path(".git/index"))
	if err != nil {
		t.Fatal(err)
	}
	repo, err := gitrepo.Open(context.Background(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	check := func(what string, data []byte, good bool) {
		t.Helper()
		w.write(".git/index", string(data))
		var last error
		for _, err := range (gitrepo.Staged{Repo: repo}).Blobs(context.Background()) {
			if err != nil {
				last = err
			}
		}
		if good != (last == nil) {
			t.Errorf("%s: %v", what, last)
		}
	}
	check("whole", index, true)
	for at := 0; at < len(index); at += 7 {
		check(fmt.Sprintf("cut at %d", at), index[:at], false)
		changed := bytes.Clone(index)
		changed[at] ^= 0x55
		check(fmt.Sprintf("changed at %d", at), changed, false)
	}
	check("without a checksum", append(index[:len(index)-20:len(index)-20], make([]byte, 20)...), true)
	if err := os.Remove(w.path(".git/index")); err != nil {
		t.Fatal(err)
	}
	for b, err := range (gitrepo.Staged{Repo: repo}).Blobs(context.Background()) {
		t.Errorf("no index: %v, %v", b, err) // all is staged for removal
	}
}
