package gitrepo

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// IsRevision reports whether name is a revision of a commit.
func (r *Repo) IsRevision(ctx context.Context, name string) bool {
	return r.Resolve(ctx, name+"^{commit}") != ""
}

// Resolve returns the ID of the object that a revision names, or "" if the object does
// not exist or the text is not a single revision.
func (r *Repo) Resolve(ctx context.Context, revision string) string {
	if strings.HasPrefix(revision, "-") {
		return ""
	}
	out, err := output(ctx, r.Dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// Reaches reports whether from is to or has it among its ancestors. Both are IDs.
func (r *Repo) Reaches(ctx context.Context, from, to string) (bool, error) {
	out, err := output(ctx, r.Dir, revList([]string{to, "^" + from}, "--max-count=1")...)
	return len(out) == 0, err
}

// Count returns the number of commits that arguments of git rev-list select.
func (r *Repo) Count(ctx context.Context, revisions []string) (int, error) {
	out, err := output(ctx, r.Dir, revList(revisions, "--count")...)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// IsWhole reports whether a repository has all objects of the commits that arguments of
// git rev-list select, or with only, of these commits without their ancestors. It returns
// true for all clones that are not partial.
func (r *Repo) IsWhole(ctx context.Context, revisions []string, only bool) (bool, error) {
	packs, _ := os.ReadDir(filepath.Join(r.Objects, "pack"))
	if !slices.ContainsFunc(packs, func(f os.DirEntry) bool { return strings.HasSuffix(f.Name(), ".promisor") }) {
		return true, nil
	}
	options := []string{"--objects", "--missing=print"}
	if only {
		options = append(options, "--no-walk")
	}
	err := stream(ctx, r.Dir, func(out io.Reader) error {
		return eachLine(out, func(line string) error {
			if strings.HasPrefix(line, "?") {
				return errStop
			}
			return nil
		})
	}, revList(revisions, options...)...)
	if errors.Is(err, errStop) {
		return false, nil
	}
	return err == nil, err
}

// DefaultBranch returns the branch that HEAD of origin named when the repository was
// cloned, or "" if unknown.
func (r *Repo) DefaultBranch(ctx context.Context) string {
	out, err := output(ctx, r.Dir, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSpace(string(out)), "refs/remotes/origin/")
}
