package gitrepo

import (
	"context"
	"strings"
)

// Head is what is checked out, and where it came from.
type Head struct {
	Commit string // its id; empty if there is none yet
	Branch string // empty if HEAD is on none
	Remote string // the URL of origin as configured: it may hold a password
}

// Head tells what is checked out. What git does not know is empty.
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
