package gitrepo

import (
	"context"
	"errors"
	"strings"
)

// Version returns git's own version, such as 2.47.3.
func Version(ctx context.Context) (string, error) {
	out, err := output(ctx, "", "version")
	return strings.TrimSpace(strings.TrimPrefix(string(out), "git version ")), err
}

// SettingOrigin returns the value that holds for a key of git's configuration, with
// its scope (system, global, local, worktree or command) and its file as git names
// it. All are empty if the key is not set.
func (r *Repo) SettingOrigin(ctx context.Context, key string) (value, scope, file string, err error) {
	out, err := output(ctx, r.Dir, "config", "--show-scope", "--show-origin", "--get", key)
	if e := (*Error)(nil); errors.As(err, &e) && len(out) == 0 && e.Message == "exit status 1" {
		return "", "", "", nil // which is how it says that there is none
	}
	scope, rest, _ := strings.Cut(strings.TrimSuffix(string(out), "\n"), "\t")
	file, value, _ = strings.Cut(rest, "\t")
	return value, scope, strings.TrimPrefix(file, "file:"), err
}
