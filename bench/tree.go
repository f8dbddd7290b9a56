package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// tree compares the scan of a working tree with a search for one literal, the least work
// for reading every file. Findings are not a failure.
func (b *bench) tree(dir string) error {
	title := dir
	if dir == "" {
		repo, err := b.generate("tree", 25_000)
		if err != nil {
			return err
		}
		dir, title = repo.dir, "working tree of 25,000 files"
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	tested := command{name: "keyguard scan", dir: dir, args: []string{b.keyguard, "scan"}, ok: []int{1}}
	if _, err := exec.LookPath("rg"); err != nil {
		fmt.Fprintln(b.out, "no comparison: rg (ripgrep) is not installed")
		return b.time(title, tested)
	}
	// Without .git, which keyguard does not scan as files either. 1: no match.
	rg := command{name: "rg -uu -c AKIA", dir: dir, args: []string{"rg", "-uu", "-c", "-g", "!.git", "AKIA", "."}, ok: []int{1}}
	return b.compare(title, rg, tested)
}
