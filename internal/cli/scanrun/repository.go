package scanrun

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/report"
)

// repository returns what reports say of where their findings are; nil if that
// is no repository, or if no report says it.
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
		return out // whether that is an error is the scan's to say
	}
	defer func() { _ = repo.Close() }()
	h := repo.Head(ctx)
	out.Revision, out.Branch, out.URI = h.Commit, h.Branch, report.RepositoryURI(h.Remote)
	return out
}

// linked reports whether a format tells the repository.
func linked(format string) bool { return format != "text" && format != "agent" }
