package pack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// repo is a repository made by the git program, which is the oracle.
type repo struct {
	t   testing.TB
	dir string // the git directory
}

// newRepo makes an empty bare repository.
func newRepo(t testing.TB, initArgs ...string) repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs the git program")
	}
	r := repo{t, filepath.Join(t.TempDir(), "repo.git")}
	r.run("", append([]string{"init", "-q", "--bare", r.dir}, initArgs...)...)
	return r
}

// git runs git in the repository and returns its output.
func (r repo) git(args ...string) string { r.t.Helper(); return r.run("", args...) }

func (r repo) run(stdin string, args ...string) string {
	r.t.Helper()
	cmd := r.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, errs.String())
	}
	return string(out)
}

// command is git in the repository, once that exists.
func (r repo) command(args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	if _, err := os.Stat(r.dir); err == nil {
		cmd.Dir = r.dir
	}
	return cmd
}

func (r repo) objects() string { return filepath.Join(r.dir, "objects") }

// fill adds commits of randomly edited files, and a tag, by fast-import.
func (r repo) fill(seed uint64, commits int, config ...string) {
	r.t.Helper()
	args := append(config, "fast-import", "--quiet", "--force")
	r.run(history(seed, commits), args...)
}

// history writes a fast-import stream.
func history(seed uint64, commits int) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	files := make([][]string, 8)
	var b strings.Builder
	for n := range commits {
		fmt.Fprintf(&b, "commit refs/heads/b%d\nmark :%d\ncommitter c <c@example.org> %d +0000\n", seed, n+1, 1700000000+n)
		msg := fmt.Sprintf("commit %d\n\n%s\n", n, line(rng))
		fmt.Fprintf(&b, "data %d\n%s", len(msg), msg)
		if n > 0 {
			fmt.Fprintf(&b, "from :%d\n", n)
		}
		for range 1 + rng.IntN(3) {
			i := rng.IntN(len(files))
			files[i] = edit(rng, files[i])
			text := strings.Join(files[i], "\n")
			fmt.Fprintf(&b, "M 100644 inline dir%d/file%d.txt\ndata %d\n%s\n", i%3, i, len(text), text)
		}
	}
	msg := "a tag\n"
	fmt.Fprintf(&b, "tag v%d\nfrom :%d\ntagger t <t@example.org> 1700000000 +0000\ndata %d\n%s", seed, commits, len(msg), msg)
	return b.String()
}

// edit changes, moves, adds and removes some lines.
func edit(rng *rand.Rand, lines []string) []string {
	for len(lines) < 100 {
		lines = append(lines, line(rng))
	}
	lines = append([]string(nil), lines...)
	for range 1 + rng.IntN(5) {
		i, j := rng.IntN(len(lines)), rng.IntN(len(lines))
		switch rng.IntN(4) {
		case 0:
			lines[i] = line(rng)
		case 1:
			lines[i], lines[j] = lines[j], lines[i]
		case 2:
			lines = append(lines, line(rng), lines[i])
		case 3:
			lines = append(lines[:i], lines[min(len(lines), i+1+rng.IntN(3)):]...)
		}
	}
	return lines
}

func line(rng *rand.Rand) string {
	b := make([]byte, 10+rng.IntN(60))
	for i := range b {
		b[i] = "abcdefghijklmnop qrstuvwxyz0123456789=/+"[rng.IntN(40)]
	}
	return string(b)
}

// digest is what is compared of an object.
type digest struct {
	typ string
	sum [32]byte
}

// all returns every object of the repository as git prints it.
func (r repo) all() map[ID]digest {
	r.t.Helper()
	out := bufio.NewReader(strings.NewReader(r.git("cat-file", "--batch-all-objects", "--batch")))
	objects := make(map[ID]digest)
	for {
		head, err := out.ReadString('\n')
		if err == io.EOF {
			return objects
		}
		f := strings.Fields(head)
		id, err := ParseID(f[0])
		if err != nil || len(f) != 3 {
			r.t.Fatalf("cat-file: %q, %v", head, err)
		}
		n, _ := strconv.Atoi(f[2])
		data := make([]byte, n+1)
		if _, err := io.ReadFull(out, data); err != nil {
			r.t.Fatal(err)
		}
		objects[id] = digest{f[1], sha256.Sum256(data[:n])}
	}
}

// open opens the repository's store.
func (r repo) open() *Store {
	r.t.Helper()
	format := SHA1
	if strings.TrimSpace(r.git("rev-parse", "--show-object-format")) == "sha256" {
		format = SHA256
	}
	return openStore(r.t, Options{Dir: r.objects(), Format: format})
}

func openStore(t testing.TB, opts Options) *Store {
	t.Helper()
	opts.TempDir = t.TempDir()
	s, err := Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
