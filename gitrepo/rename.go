package gitrepo

import (
	"context"
	"sync"

	"github.com/keyguard/keyguard/internal/pack"
)

// renames finds the former blobs of staged new files. Git runs only if a new file has
// findings, because the detection is expensive and rarely needed.
type renames struct {
	repo    *Repo
	reveals func(from, to string) bool // may be nil
	once    sync.Once
	from    map[string]pack.ID
	err     error
}

// sourceOf returns the blob that was renamed to path. It is zero if the file was not
// renamed, or if its new path reveals findings that were not reported at the former one.
func (r *renames) sourceOf(ctx context.Context, path string) (pack.ID, error) {
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
