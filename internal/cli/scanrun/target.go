package scanrun

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// covers tells how much a scan covers.
func (f *Options) covers(t *project.Root) allow.Coverage {
	h := &f.History
	switch {
	case h.All && h.Since == "" && len(h.Branches) == 0 && !h.ReachableOnly:
		return allow.AllHistory
	case f.target() == targetFiles && len(f.Paths) == 0 && (f.Dir == t.Dir || f.Dir == "" && t.Cwd == t.Dir):
		return allow.WorkTree
	}
	return allow.Partial
}

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
func (f *Options) target() target {
	switch {
	case f.Staged:
		return targetStaged
	case f.History.on():
		return targetHistory
	case f.Patch:
		return targetPatch
	case f.Message != nil:
		return targetMessage
	case slices.Equal(f.Paths, []string{"-"}):
		return targetStdin
	}
	return targetFiles
}

// opened is what a scan reads.
type Input struct {
	Blobs scanner.Source // nil: the history of repo
	repo  *gitrepo.Repo  // nil: none is needed
}

func (o *Input) Close() {
	if o.repo != nil {
		_ = o.repo.Close()
	}
}

type opener func(context.Context) (*Input, error)

func newOpener(a *cli.App, f Options) opener {
	return func(ctx context.Context) (*Input, error) { return Open(ctx, a, f) }
}

// source opens what the flags name.
func Open(ctx context.Context, a *cli.App, f Options) (*Input, error) {
	switch f.target() {
	case targetStaged:
		return OpenStaged(ctx)
	case targetHistory:
		repo, err := project.OpenRepo(ctx)
		return &Input{repo: repo}, err
	case targetPatch:
		return &Input{Blobs: source.Patch{R: a.In}}, nil
	case targetStdin:
		return &Input{Blobs: source.Stream{Name: source.StdinName, R: a.In}}, nil
	case targetMessage:
		return &Input{Blobs: f.Message}, nil
	}
	paths := f.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	if slices.Contains(paths, "-") {
		return nil, cli.Usage("scan", "- reads standard input, and goes with no other path")
	}
	return &Input{Blobs: source.Tree{Dir: f.Dir, Paths: paths, List: files}}, nil
}

func OpenStaged(ctx context.Context) (*Input, error) {
	dir, err := cli.WorkingDir()
	if err != nil {
		return nil, err
	}
	staged, err := gitrepo.OpenStaged(ctx, dir)
	if errors.Is(err, gitrepo.ErrBare) {
		err = cli.WithHint(err, "scan its history: keyguard scan --history, or --range A..B")
	}
	return &Input{staged, staged.Repo}, err
}

// begin opens at once what git must be asked about, so that configuration and rules
// can be read meanwhile. The opener waits for it. If they are wrong nobody asks for what
// was opened, nor waits for it: it goes with the process, or with ctx, and a git diff
// at the latest when it next writes.
func beginOpen(ctx context.Context, a *cli.App, f Options) opener {
	if t := f.target(); t != targetStaged && t != targetHistory {
		return newOpener(a, f)
	}
	open := sync.OnceValues(func() (*Input, error) { return Open(ctx, a, f) })
	go open()
	return func(context.Context) (*Input, error) { return open() }
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
