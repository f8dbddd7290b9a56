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

// Trial is a temporary index with one file more than HEAD, and a temporary object
// directory. Hooks can be tried on it without changing the repository.
type Trial struct {
	repo *Repo
	dir  string
	env  []string
}

// Stage creates a trial in which a file with that name and content is staged. The
// repository must have a working tree. The caller must call Close.
func (r *Repo) Stage(ctx context.Context, name string, content []byte) (*Trial, error) {
	dir, err := os.MkdirTemp("", "keyguard-trial-")
	if err != nil {
		return nil, err
	}
	t := &Trial{repo: r, dir: dir}
	known := r.Objects
	if strings.Contains(known, string(os.PathListSeparator)) {
		known = strconv.Quote(known) // git unquotes it
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

// git runs git on the trial's index and returns its output. Writing an index runs the
// repository's post-index-change hook (githooks(5)), so hooks are disabled.
func (t *Trial) git(ctx context.Context, in []byte, args ...string) (string, error) {
	cmd := command(ctx, t.repo.Root, append([]string{"-c", "core.hooksPath=" + os.DevNull}, args...)...)
	cmd.Env = append(cmd.Env, t.env...)
	cmd.Stdin = bytes.NewReader(in)
	var stderr headAndTail
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = gitError(args, stderr.String(), err)
	}
	return strings.TrimSpace(string(out)), err
}

// Verdict is the result of a program that was tried.
type Verdict struct {
	Code   int    // exit code
	Output string // the first 4 KiB of its output
}

// Hook runs a hook in a directory as git does before a commit, with additional
// environment variables. With git before 2.36 it runs the file directly.
func (t *Trial) Hook(ctx context.Context, dir, name string, env ...string) (Verdict, error) {
	t.env = append(t.env, env...)
	cmd := command(ctx, t.repo.Root, "-c", "core.hooksPath="+dir, "hook", "run", name)
	v, err := t.run(cmd)
	if err == nil && v.Code != 0 && strings.Contains(v.Output, "'hook' is not a git command") {
		return t.Run(ctx, filepath.Join(dir, name))
	}
	return v, err
}

// Run runs a program in the environment of a hook.
func (t *Trial) Run(ctx context.Context, program string, args ...string) (Verdict, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	killOnCancel(cmd)
	cmd.Dir, cmd.Env = t.repo.Root, os.Environ()
	return t.run(cmd)
}

func (t *Trial) run(cmd *exec.Cmd) (Verdict, error) {
	// SKIP would skip the hook.
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool { return strings.HasPrefix(v, "SKIP=") })
	cmd.Env = append(cmd.Env, t.env...)
	var out headWriter
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

// Close removes the temporary files.
func (t *Trial) Close() error { return os.RemoveAll(t.dir) }
