package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pushed is the number of pushed commits.
const pushed = 100

// push compares the hooks on both sides of a push of 100 commits with the command that
// lists its objects. Nothing is pushed: the hooks get the input that git would send.
func (b *bench) push(dir string) error {
	if dir == "" {
		repo, err := b.generateHistory(b.commits)
		if err != nil {
			return err
		}
		dir = repo.dir
	}
	tip, err := b.gitOutput(dir, "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	base, err := b.gitOutput(dir, "rev-parse", fmt.Sprintf("HEAD~%d", pushed))
	if err != nil {
		return err
	}
	if err := b.prePush(dir, tip, base); err != nil {
		return err
	}
	return b.preReceive(dir, tip, base)
}

func (b *bench) prePush(dir, tip, base string) error {
	here, err := b.shareObjects(dir, "local", base)
	if err != nil {
		return err
	}
	if err := here.git(nil, "update-ref", "refs/remotes/origin/main", base); err != nil {
		return err
	}
	if err := here.git(nil, "update-ref", "refs/heads/main", tip); err != nil {
		return err
	}
	return b.compare(fmt.Sprintf("pre-push, %d commits", pushed),
		command{name: "git rev-list --objects", dir: here.dir, args: []string{"git", "rev-list", "--objects", tip, "--not", "--remotes=origin"}},
		command{name: "keyguard hook pre-push", dir: here.dir, args: []string{b.keyguard, "hook", "pre-push", "origin", "/nowhere"},
			in: fmt.Sprintf("refs/heads/main %s refs/heads/main %s\n", tip, base), ok: []int{1}})
}

func (b *bench) preReceive(dir, tip, base string) error {
	server, err := b.shareObjects(dir, "server", base)
	if err != nil {
		return err
	}
	quarantine := filepath.Join(server.dir, "objects", "incoming")
	if err := os.MkdirAll(filepath.Join(quarantine, "pack"), 0o777); err != nil {
		return err
	}
	// While the hook runs, the pushed objects are in a pack of their own.
	if err := server.git(strings.NewReader(tip+"\n^"+base+"\n"), "pack-objects", "-q", "--revs", filepath.Join(quarantine, "pack", "pack")); err != nil {
		return err
	}
	env := []string{"GIT_DIR=.", "GIT_OBJECT_DIRECTORY=" + quarantine, "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + filepath.Join(server.dir, "objects"), "GIT_QUARANTINE_PATH=" + quarantine}
	return b.compare(fmt.Sprintf("pre-receive, %d commits", pushed),
		command{name: "git rev-list --objects", dir: server.dir, env: env, args: []string{"git", "rev-list", "--objects", tip, "--not", "--all"}},
		command{name: "keyguard hook pre-receive", dir: server.dir, env: env, args: []string{b.keyguard, "hook", "--timeout", "1m", "pre-receive"},
			in: fmt.Sprintf("%s %s refs/heads/main\n", base, tip), ok: []int{1}})
}

// shareObjects creates a bare repository with the objects of dir and one branch.
func (b *bench) shareObjects(dir, name, main string) (*repository, error) {
	r := &repository{b: b, dir: filepath.Join(b.scratch, name)}
	if err := os.Mkdir(r.dir, 0o777); err != nil {
		return nil, err
	}
	if err := r.git(nil, "init", "-q", "--bare"); err != nil {
		return nil, err
	}
	objects, err := b.gitOutput(dir, "rev-parse", "--path-format=absolute", "--git-path", "objects")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(r.dir, "objects", "info", "alternates"), []byte(objects+"\n"), 0o666); err != nil {
		return nil, err
	}
	return r, r.git(nil, "update-ref", "refs/heads/main", main)
}

// gitOutput returns the trimmed output of git.
func (b *bench) gitOutput(dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(b.ctx, "git", args...)
	cmd.Dir, cmd.Env = dir, environment()
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s in %s: %w", args[0], dir, err)
	}
	return strings.TrimSpace(string(out)), nil
}
