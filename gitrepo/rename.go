package gitrepo

import (
	"context"
	"sync"

	"github.com/keyguard/keyguard/internal/pack"
)

// renames finds out from which blob a staged new file came. Git is asked only
// when a new file has findings: detection costs much and is seldom needed.
type renames struct {
	repo    *Repo
	reveals func(from, to string) bool // may be nil
	once    sync.Once
	from    map[string]pack.ID
	err     error
}

// source returns the blob that was renamed to path; zero if there is none, or if the
// path reveals findings that were not reported at the former one.
func (r *renames) source(ctx context.Context, path string) (pack.ID, error) {
	r.once.Do(func() {
		r.from = make(map[string]pack.ID)
		var diff *process
		if diff, r.err = startDiff(ctx, r.repo.Dir, "--find-renames", "--diff-filter=R"); r.err != nil {
			return
		}
		r.err = diff.changes(func(c change) error {
			if c.status == 'R' && (r.reveals == nil || !r.reveals(c.from, c.path)) {
				r.from[c.path] = c.old
			}
			return nil
		})
	})
	return r.from[path], r.err
}
