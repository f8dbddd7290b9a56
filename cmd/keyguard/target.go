package main

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

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

// opened is what a scan reads.
type opened struct {
	blobs scanner.Source // nil: the history of repo
	repo  *gitrepo.Repo  // nil: none is needed
}

func (o *opened) close() {
	if o.repo != nil {
		_ = o.repo.Close()
	}
}

type opener func(context.Context) (*opened, error)

func (a *app) opener(f scanFlags) opener {
	return func(ctx context.Context) (*opened, error) { return a.source(ctx, f) }
}

// source opens what the flags name.
func (a *app) source(ctx context.Context, f scanFlags) (*opened, error) {
	switch f.target() {
	case targetStaged:
		return openStaged(ctx)
	case targetHistory:
		repo, err := openHere(ctx)
		return &opened{repo: repo}, err
	case targetPatch:
		return &opened{blobs: source.Patch{R: a.in}}, nil
	case targetStdin:
		return &opened{blobs: source.Stream{Name: source.StdinName, R: a.in}}, nil
	case targetMessage:
		return &opened{blobs: f.message}, nil
	}
	paths := f.paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	if slices.Contains(paths, "-") {
		return nil, usage("scan", "- reads standard input, and goes with no other path")
	}
	return &opened{blobs: source.Tree{Dir: f.dir, Paths: paths, List: files}}, nil
}

func openStaged(ctx context.Context) (*opened, error) {
	dir, err := workingDir()
	if err != nil {
		return nil, err
	}
	staged, err := gitrepo.OpenStaged(ctx, dir)
	if errors.Is(err, gitrepo.ErrBare) {
		err = &hinted{err, "scan its history: keyguard scan --history, or --range A..B"}
	}
	return &opened{staged, staged.Repo}, err
}

// begin opens at once what git must be asked about, so that configuration and rules
// can be read meanwhile. The opener waits for it. If they are wrong nobody asks for what
// was opened, nor waits for it: it goes with the process, or with ctx, and a git diff
// at the latest when it next writes.
func (a *app) begin(ctx context.Context, f scanFlags) opener {
	if t := f.target(); t != targetStaged && t != targetHistory {
		return a.opener(f)
	}
	open := sync.OnceValues(func() (*opened, error) { return a.source(ctx, f) })
	go open()
	return func(context.Context) (*opened, error) { return open() }
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
