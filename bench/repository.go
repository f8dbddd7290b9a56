package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// repository is a generated repository.
type repository struct {
	b     *bench
	dir   string
	files []string // in the order of git fast-import, with slashes
}

// generate creates a repository with one commit of that many files, the same bytes on
// every machine, by git-fast-import(1).
func (b *bench) generate(name string, files int) (*repository, error) {
	r := &repository{b: b, dir: filepath.Join(b.scratch, name)}
	if err := os.Mkdir(r.dir, 0o777); err != nil {
		return nil, err
	}
	if err := r.git(nil, "init", "-q"); err != nil {
		return nil, err
	}
	stream, feed := io.Pipe()
	go func() { feed.CloseWithError(r.write(feed, files)) }()
	if err := r.git(stream, "fast-import", "--quiet"); err != nil {
		return nil, err
	}
	// Unlike checkout, reset caches all trees in the index, as a commit does: git
	// compares such an index fastest.
	return r, r.git(nil, "reset", "-q", "--hard", "main")
}

// write writes the stream of one commit.
func (r *repository) write(to io.Writer, files int) error {
	rng := rand.New(rand.NewPCG(25_000, 1))
	w := bufio.NewWriter(to)
	fmt.Fprint(w, "commit refs/heads/main\ncommitter bench <bench@example.invalid> 1700000000 +0000\ndata 4\nbase\n")
	for i := range files {
		path := fmt.Sprintf("module%02d/package%03d/file%02d.py", i/50/25, i/50, i%50)
		text := source(rng, 10+rng.IntN(51))
		fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
		r.files = append(r.files, path)
	}
	return w.Flush()
}

// source returns lines that resemble code.
func source(rng *rand.Rand, lines int) string {
	words := strings.Fields("account assign bucket client config context count create default delete error event factory file filter handle index key list load manager match model name object option order parse path policy process query record region request result return role row secret service session start state string table task token update user value version window write")
	word := func() string { return words[rng.IntN(len(words))] }
	var b strings.Builder
	for range lines {
		indent := strings.Repeat("    ", rng.IntN(3))
		switch rng.IntN(4) {
		case 0:
			fmt.Fprintf(&b, "%sdef %s_%s(self, %s):\n", indent, word(), word(), word())
		case 1:
			fmt.Fprintf(&b, "%s%s_%s = self.%s(%q, %d)\n", indent, word(), word(), word(), word(), rng.IntN(1000))
		case 2:
			fmt.Fprintf(&b, "%sif %s.%s != %s[%q]:\n", indent, word(), word(), word(), word())
		default:
			fmt.Fprintf(&b, "%s# %s the %s of a %s\n", indent, word(), word(), word())
		}
	}
	return b.String()
}

// stage appends lines to n files throughout the repository, and stages them.
func (r *repository) stage(n, lines int) error {
	rng := rand.New(rand.NewPCG(uint64(n), 2))
	for i := range n {
		path := filepath.Join(r.dir, filepath.FromSlash(r.files[i*len(r.files)/n]))
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = io.WriteString(f, source(rng, lines))
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return r.git(nil, "add", "-u")
}

func (r *repository) git(stdin io.Reader, args ...string) error {
	cmd := exec.CommandContext(r.b.ctx, "git", append([]string{"-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir, cmd.Stdin, cmd.Env = r.dir, stdin, environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// environment returns the environment without user settings that would change the
// figures.
func environment() []string {
	return append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C")
}
