package gitrepo

import (
	"context"
	"errors"
)

// Settings returns the repository's settings of a section, its user's and the
// system's included, as git config --null prints them: key, line break, value,
// zero byte. Empty: there is none.
func (r *Repo) Settings(ctx context.Context, section string) ([]byte, error) {
	out, err := output(ctx, r.Dir, "config", "--null", "--get-regexp", "^"+section+`\.`)
	if e := (*Error)(nil); errors.As(err, &e) && len(out) == 0 && e.Message == "exit status 1" {
		return nil, nil // which is how it says so
	}
	return out, err
}
