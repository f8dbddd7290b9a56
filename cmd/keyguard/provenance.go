package main

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
)

// repository returns what reports say of where their findings are; nil if that
// is no repository, or if no report says it.
func (f *scanFlags) repository(ctx context.Context, t *top) *report.Repository {
	if t.gitDir == "" || !slices.ContainsFunc(f.formats, linked) && !slices.ContainsFunc(f.files, func(name string) bool { return filepath.Ext(name) != "" }) {
		return nil
	}
	out := &report.Repository{}
	if f.target() == targetFiles {
		if rel, err := filepath.Rel(t.dir, t.here); err == nil && rel != "." {
			out.Prefix = filepath.ToSlash(rel)
		}
	}
	repo, err := gitrepo.Open(ctx, t.here)
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
