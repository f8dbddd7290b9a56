package gitrepo

import (
	"context"
	"path/filepath"
	"strings"
)

// Scope is a level of git configuration.
type Scope string

// Scopes that apply to several repositories.
const (
	Global Scope = "global" // of the user
	System Scope = "system" // of the machine
)

// Path returns a setting that names a file or directory, expanded by git, or "" if it is
// not set in this scope.
func (s Scope) Path(ctx context.Context, key string) (string, error) {
	return pathSetting(ctx, ".", "--"+string(s), "--includes", "--type=path", "--get", key)
}

// Set assigns a path to a setting.
func (s Scope) Set(ctx context.Context, key, path string) error {
	_, err := output(ctx, ".", "config", "--"+string(s), key, filepath.ToSlash(path))
	return err
}

// Unset removes a setting.
func (s Scope) Unset(ctx context.Context, key string) error {
	_, err := output(ctx, ".", "config", "--"+string(s), "--unset", key)
	return err
}

// PathSetting returns the effective value of a setting that names a file or directory, or
// "" if it is not set.
func PathSetting(ctx context.Context, key string) (string, error) {
	return pathSetting(ctx, ".", "--type=path", "--get", key)
}

func pathSetting(ctx context.Context, dir string, args ...string) (string, error) {
	out, err := output(ctx, dir, append([]string{"config"}, args...)...)
	if isUnset(out, err) {
		return "", nil
	}
	return filepath.FromSlash(strings.TrimSuffix(string(out), "\n")), err
}

// HooksScope returns the scope that sets core.hooksPath for this repository: local,
// worktree, global, system or command. It is empty if no scope sets it.
func (r *Repo) HooksScope(ctx context.Context) (Scope, error) {
	out, err := output(ctx, r.Dir, "config", "--show-scope", "--get", "core.hooksPath")
	if isUnset(out, err) {
		return "", nil
	}
	scope, _, _ := strings.Cut(string(out), "\t")
	return Scope(scope), err
}
