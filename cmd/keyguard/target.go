package main

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// target is what a scan is of.
type target int

const (
	targetFiles target = iota // of the work tree, or elsewhere on the disk
	targetStaged
	targetHistory // or a part of it
	targetPatch   // a diff on standard input
	targetStdin
	targetMessage // of a commit
)

// target tells what the flags and arguments name.
func (f *scanFlags) target() target {
	switch {
	case f.staged:
		return targetStaged
	case f.history.on():
		return targetHistory
	case f.patch:
		return targetPatch
	case f.message != nil:
		return targetMessage
	case slices.Equal(f.paths, []string{"-"}):
		return targetStdin
	}
	return targetFiles
}

// opener opens a source, and returns how to close it.
type opener func(context.Context) (src scanner.Source, closeSource func(), err error)

// source opens what the flags name, if that is no history.
func (a *app) source(ctx context.Context, f scanFlags) (scanner.Source, func(), error) {
	none := func() {}
	switch f.target() {
	case targetStaged:
		return stagedSource(ctx)
	case targetPatch:
		return source.Patch{R: a.in}, none, nil
	case targetStdin:
		return source.Stream{Name: source.StdinName, R: a.in}, none, nil
	case targetMessage:
		return f.message, none, nil
	}
	paths := f.paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	if slices.Contains(paths, "-") {
		return nil, nil, usage("scan", "- reads standard input, and goes with no other path")
	}
	return source.Tree{Dir: f.dir, Paths: paths, List: files}, none, nil
}

// stagedSource opens the source of what is staged, and asks git for it already.
func stagedSource(ctx context.Context) (scanner.Source, func(), error) {
	repo, err := openHere(ctx)
	if err != nil {
		return nil, nil, err
	}
	return source.Ahead(ctx, gitrepo.Staged{Repo: repo}), func() { _ = repo.Close() }, nil
}

// begin opens a source if that takes time, so that configuration and rules can be
// read meanwhile. The opener waits for it.
func (a *app) begin(ctx context.Context, f scanFlags) opener {
	if f.target() != targetStaged {
		return func(ctx context.Context) (scanner.Source, func(), error) { return a.source(ctx, f) }
	}
	var src scanner.Source
	var closeSource func()
	var err error
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		src, closeSource, err = a.source(ctx, f)
	}()
	return func(context.Context) (scanner.Source, func(), error) {
		<-ready
		return src, closeSource, err
	}
}

// files lists a folder as git sees it, or says that git does not know it.
func files(ctx context.Context, dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for path, err := range gitrepo.Files(ctx, dir) {
			if errors.Is(err, gitrepo.ErrNotRepo) || errors.Is(err, gitrepo.ErrNoGit) || errors.Is(err, gitrepo.ErrNoList) {
				err = source.ErrNotListed
			}
			if !yield(path, err) {
				return
			}
		}
	}
}
