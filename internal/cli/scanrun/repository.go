package scanrun

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/report"
)

// repository returns the description of the scanned repository. It returns nil outside of
// a repository, or if no report contains it.
func (f *Options) repository(ctx context.Context, t *project.Root) *report.Repository {
	if t.GitDir == "" || !slices.ContainsFunc(f.Formats, linked) && !slices.ContainsFunc(f.Files, func(name string) bool { return filepath.Ext(name) != "" }) {
		return nil
	}
	out := &report.Repository{}
	if f.target().paths == fromCwd {
		if rel, err := filepath.Rel(t.Dir, t.Cwd); err == nil && rel != "." {
			out.Prefix = filepath.ToSlash(rel)
		}
	}
	repo, err := gitrepo.Open(ctx, t.Cwd)
	if err != nil {
		return out // the scan reports the error
	}
	defer func() { _ = repo.Close() }()
	h := repo.Head(ctx)
	out.Revision, out.Branch, out.URI = h.Commit, h.Branch, report.RepositoryURI(h.Remote)
	return out
}

// linked reports whether a format describes the repository.
func linked(format string) bool { return format != "text" && format != "agent" }
