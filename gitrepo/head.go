package gitrepo

import (
	"context"
	"strings"
)

// Head is the checked-out commit, and the remote repository.
type Head struct {
	Commit string // ID; empty in a new repository
	Branch string // empty if HEAD is detached
	Remote string // the configured URL of origin, which may contain a password
}

// Head returns the commit and branch that are checked out, and the URL of origin. Fields
// that git cannot determine are empty.
func (r *Repo) Head(ctx context.Context) Head {
	var h Head
	out, err := output(ctx, r.Dir, "rev-parse", "--verify", "--quiet", "HEAD")
	if err == nil {
		h.Commit = strings.TrimSpace(string(out))
	}
	if out, err = output(ctx, r.Dir, "symbolic-ref", "--quiet", "--short", "HEAD"); err == nil {
		h.Branch = strings.TrimSpace(string(out))
	}
	settings, err := r.Settings(ctx, "remote")
	for entry := range strings.SplitSeq(string(settings), "\x00") {
		if name, value, ok := strings.Cut(entry, "\n"); ok && err == nil && name == "remote.origin.url" {
			h.Remote = value
		}
	}
	return h
}
