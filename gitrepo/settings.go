package gitrepo

import (
	"context"
	"errors"
	"strings"
)

// Settings returns the repository's settings of a section (or of several: it is
// a regular expression), its user's and the system's included, as git config
// --null prints them: key, line break, value, zero byte. Empty: there is none.
func (r *Repo) Settings(ctx context.Context, section string) ([]byte, error) {
	out, err := output(ctx, r.Dir, "config", "--null", "--get-regexp", "^("+section+`)\.`)
	if isUnset(out, err) {
		return nil, nil
	}
	return out, err
}

// isUnset reports whether git config has said that there is no such setting.
func isUnset(out []byte, err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e) && len(out) == 0 && e.Message == "exit status 1"
}

// Setting is one value of git's configuration.
type Setting struct {
	Key   string // section and name in small letters, what is between as it is written
	Value string
}

// SettingList is Settings as a list, those that win last.
func (r *Repo) SettingList(ctx context.Context, section string) ([]Setting, error) {
	text, err := r.Settings(ctx, section)
	var out []Setting
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(text), "\x00"), "\x00") {
		key, value, _ := strings.Cut(entry, "\n")
		out = append(out, Setting{key, value})
	}
	return out, err
}
