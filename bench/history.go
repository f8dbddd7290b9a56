package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// history compares a scan of all history with two lower bounds: printing every object,
// which scanners of whole blobs do before they scan, and printing every change, which
// scanners of git log's output wait for. With b.without, it compares two builds of
// keyguard.
func (b *bench) history(dir string) error {
	title := dir
	if dir == "" {
		title = fmt.Sprintf("%d generated commits", b.commits)
		repo, err := b.generateHistory(b.commits)
		if err != nil {
			return err
		}
		dir = repo.dir
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	// 1: findings; 2: missing objects, as in a partial clone.
	tested := command{name: "keyguard scan --history", dir: dir, args: []string{b.keyguard, "scan", "--history"}, ok: []int{1, 2}}
	if b.without != "" {
		without := tested
		without.name, without.args = "keyguard without the piece", []string{b.without, "scan", "--history"}
		return b.compare(title+", the gain of a piece", tested, without)
	}
	objects := command{name: "git cat-file --batch", dir: dir, args: []string{"git", "cat-file", "--batch-all-objects", "--batch", "--unordered"}}
	if err := b.compare(title+", every object", objects, tested); err != nil {
		return err
	}
	if !b.log {
		return nil
	}
	// 128: a missing object stops git log.
	log := command{name: "git log -p -U0 --all", dir: dir, args: []string{"git", "log", "-p", "-U0", "--all"}, ok: []int{128}}
	return b.compare(title+", every change", log, tested)
}

// generateHistory creates a bare repository whose commits each edit a few files of a
// growing tree, packed as git gc does. The same number of commits produces the same
// objects on every machine.
func (b *bench) generateHistory(commits int) (*repository, error) {
	r := &repository{b: b, dir: filepath.Join(b.scratch, "history")}
	if err := os.Mkdir(r.dir, 0o777); err != nil {
		return nil, err
	}
	if err := r.git(nil, "init", "-q", "--bare"); err != nil {
		return nil, err
	}
	stream, feed := io.Pipe()
	go func() { feed.CloseWithError(r.writeHistory(feed, commits)) }()
	if err := r.git(stream, "fast-import", "--quiet"); err != nil {
		return nil, err
	}
	return r, r.git(nil, "repack", "-adfq", "--depth=50", "--window=10")
}

// writeHistory writes the stream of commits. An edit replaces adjacent lines of a file.
func (r *repository) writeHistory(to io.Writer, commits int) error {
	rng := rand.New(rand.NewPCG(uint64(commits), 3))
	w := bufio.NewWriterSize(to, 1<<20)
	var files [][]string
	for c := range commits {
		fmt.Fprintf(w, "commit refs/heads/main\ncommitter bench <bench@example.invalid> %d +0000\ndata 7\nchange\n\n", 1_600_000_000+c*60)
		for range 1 + rng.IntN(4) {
			n := rng.IntN(len(files) + 1 + len(files)/64)
			if n >= len(files) {
				n = len(files)
				files = append(files, strings.SplitAfter(source(rng, 200+rng.IntN(400)), "\n"))
			} else {
				at := rng.IntN(len(files[n]))
				end := min(len(files[n]), at+rng.IntN(4))
				files[n] = slices.Replace(files[n], at, end, strings.SplitAfter(source(rng, 1+rng.IntN(6)), "\n")...)
			}
			text := strings.Join(files[n], "")
			fmt.Fprintf(w, "M 100644 inline module%02d/package%03d/file%03d.py\ndata %d\n%s\n", n/2000, n/50, n, len(text), text)
		}
	}
	return w.Flush()
}
