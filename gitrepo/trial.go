package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Trial is an index with one file more than HEAD has, and a folder for its object,
// both temporary: hooks can be tried on it, and nothing of it is left in the
// repository.
type Trial struct {
	repo *Repo
	dir  string
	env  []string
}

// Stage makes a trial in which a file of that name and content is staged. The
// repository must have a work tree. Close removes it.
func (r *Repo) Stage(ctx context.Context, name string, content []byte) (*Trial, error) {
	dir, err := os.MkdirTemp("", "keyguard-trial-")
	if err != nil {
		return nil, err
	}
	t := &Trial{repo: r, dir: dir}
	known := r.Objects
	if strings.Contains(known, string(os.PathListSeparator)) {
		known = strconv.Quote(known) // as git reads its list
	}
	if outer := os.Getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES"); outer != "" {
		known += string(os.PathListSeparator) + outer
	}
	t.env = []string{
		"GIT_INDEX_FILE=" + filepath.Join(dir, "index"), "GIT_OBJECT_DIRECTORY=" + filepath.Join(dir, "objects"),
		"GIT_ALTERNATE_OBJECT_DIRECTORIES=" + known,
	}
	if err := t.stage(ctx, name, content); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Trial) stage(ctx context.Context, name string, content []byte) error {
	if err := os.Mkdir(filepath.Join(t.dir, "objects"), 0o700); err != nil {
		return err
	}
	tree := "--empty"
	if t.repo.IsRevision(ctx, "HEAD") {
		tree = "HEAD"
	}
	if _, err := t.git(ctx, nil, "read-tree", tree); err != nil {
		return err
	}
	id, err := t.git(ctx, content, "hash-object", "-w", "--stdin")
	if err != nil {
		return err
	}
	_, err = t.git(ctx, nil, "update-index", "--add", "--cacheinfo", "100644,"+id+","+name)
	return err
}

// git runs git on the trial's index and returns what it prints. Writing an index
// runs a hook (post-index-change, githooks(5)), which is the repository's own: none
// is to be found.
func (t *Trial) git(ctx context.Context, in []byte, args ...string) (string, error) {
	cmd := command(ctx, t.repo.Root, append([]string{"-c", "core.hooksPath=" + os.DevNull}, args...)...)
	cmd.Env = append(cmd.Env, t.env...)
	cmd.Stdin = bytes.NewReader(in)
	var stderr edges
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = gitError(args, stderr.String(), err)
	}
	return strings.TrimSpace(string(out)), err
}

// Verdict is how a program ended that was tried.
type Verdict struct {
	Code   int    // its exit code
	Output string // the first 4 KiB of what it wrote
}

// Hook runs the hook of that name in a folder of hooks as git does before a commit,
// with more in its environment. Git before 2.36 cannot be told to: the file is run
// then.
func (t *Trial) Hook(ctx context.Context, folder, name string, env ...string) (Verdict, error) {
	t.env = append(t.env, env...)
	cmd := command(ctx, t.repo.Root, "-c", "core.hooksPath="+folder, "hook", "run", name)
	v, err := t.run(cmd)
	if err == nil && v.Code != 0 && strings.Contains(v.Output, "'hook' is not a git command") {
		return t.Run(ctx, filepath.Join(folder, name))
	}
	return v, err
}

// Run runs a program where a hook would run.
func (t *Trial) Run(ctx context.Context, program string, args ...string) (Verdict, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	bound(cmd)
	cmd.Dir, cmd.Env = t.repo.Root, os.Environ()
	return t.run(cmd)
}

func (t *Trial) run(cmd *exec.Cmd) (Verdict, error) {
	// What makes hooks pass would make the trial mean nothing.
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool { return strings.HasPrefix(v, "SKIP=") })
	cmd.Env = append(cmd.Env, t.env...)
	var out limited
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	v := Verdict{Code: cmd.ProcessState.ExitCode(), Output: out.String()}
	if errors.Is(err, exec.ErrWaitDelay) || errors.As(err, new(*exec.ExitError)) && v.Code >= 0 {
		return v, nil
	}
	if err != nil {
		err = fmt.Errorf("run %s: %w", filepath.Base(cmd.Path), err)
	}
	return v, err
}

// Close removes the trial.
func (t *Trial) Close() error { return os.RemoveAll(t.dir) }
