package main

import "fmt"

// hook times the pre-commit scan of a small commit, and of one with 2,000 files.
func (b *bench) hook() error {
	const tracked = 25_000
	for _, c := range []struct {
		title        string
		files, lines int
		git          command
	}{
		{"10 lines staged in 1 of 25,000 files", 1, 10, command{name: "git diff --cached --raw", args: []string{"git", "diff", "--cached", "--raw"}}},
		{"4 lines staged in each of 2,000 of 25,000 files", 2000, 4, command{name: "git diff --cached -U0", args: []string{"git", "diff", "--cached", "-U0"}}},
	} {
		repo, err := b.generate(fmt.Sprintf("staged-%d", c.files), tracked)
		if err != nil {
			return err
		}
		if err := repo.stage(c.files, c.lines); err != nil {
			return err
		}
		c.git.dir = repo.dir
		if err := b.compare(c.title, c.git, command{name: "keyguard scan --staged", dir: repo.dir, args: []string{b.keyguard, "scan", "--staged"}}); err != nil {
			return err
		}
	}
	return nil
}
