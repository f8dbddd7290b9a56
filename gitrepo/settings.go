package gitrepo

import (
	"context"
	"errors"
	"strings"
)

// Settings returns the settings of a section in the format of git config --null: key,
// newline, value, zero byte. They include the user's and the system's settings. section
// is a regular expression. The result is empty if nothing is set.
func (r *Repo) Settings(ctx context.Context, section string) ([]byte, error) {
	out, err := output(ctx, r.Dir, "config", "--null", "--get-regexp", "^("+section+`)\.`)
	if isUnset(out, err) {
		return nil, nil
	}
	return out, err
}

// isUnset reports whether git config exited because a setting does not exist.
func isUnset(out []byte, err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e) && len(out) == 0 && e.Message == "exit status 1"
}

// Setting is a value in git configuration.
type Setting struct {
	Key   string // section and name in lower case, the subsection unchanged
	Value string
}

// SettingList returns Settings as a list, in which later values take precedence.
func (r *Repo) SettingList(ctx context.Context, section string) ([]Setting, error) {
	text, err := r.Settings(ctx, section)
	var out []Setting
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(text), "\x00"), "\x00") {
		key, value, _ := strings.Cut(entry, "\n")
		out = append(out, Setting{key, value})
	}
	return out, err
}

// SettingOrigin returns the effective value of a setting, its scope (system, global,
// local, worktree or command) and the file that sets it. All are empty if it is not set.
func (r *Repo) SettingOrigin(ctx context.Context, key string) (value, scope, file string, err error) {
	out, err := output(ctx, r.Dir, "config", "--show-scope", "--show-origin", "--get", key)
	if isUnset(out, err) {
		return "", "", "", nil
	}
	scope, rest, _ := strings.Cut(strings.TrimSuffix(string(out), "\n"), "\t")
	file, value, _ = strings.Cut(rest, "\t")
	return value, scope, strings.TrimPrefix(file, "file:"), err
}
