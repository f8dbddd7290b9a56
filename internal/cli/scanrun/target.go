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

// A target is a kind of input: a row of the table that targets returns. To add one, add
// a row and the option that selects it.
type target struct {
	name     string
	selected func(*Options) bool
	open     func(context.Context, *cli.App, *Options) (*Input, error)
	// early reports that open starts git, which runs while configuration and rules are
	// read.
	early bool
	// takesPaths reports that the command line may have paths.
	takesPaths bool
	paths      pathBase
	// watch reports that unused marks in the input are reported.
	watch bool
	// covers returns which part of the repository is scanned. If it is nil, that is
	// allow.Partial.
	covers func(*Options, *project.Root) allow.Coverage
	// prepare adds the settings of a run to its input; it may be nil.
	prepare func(*Run, *Input)
	// emptyNote is printed if the input has no bytes; it may be empty.
	emptyNote string
}

// pathBase is the directory that the paths of a target start from.
type pathBase int

const (
	fromRoot pathBase = iota // the top-level directory
	fromCwd                  // the current directory
	noPath                   // the input has no path in the repository
)

const emptyStdin = "standard input was empty: did the command before the pipe fail?"

// targets returns all targets. The first one that is selected applies.
func targets() []target {
	return []target{
		{
			name:     "staged changes",
			selected: func(o *Options) bool { return o.Staged },
			open:     func(ctx context.Context, _ *cli.App, _ *Options) (*Input, error) { return OpenStaged(ctx) },
			early:    true,
			prepare:  prepareStaged,
		},
		{
			name:     "history",
			selected: func(o *Options) bool { return o.History.on() },
			open:     openHistory,
			early:    true,
			covers:   historyCoverage,
		},
		{
			name:      "patch",
			selected:  func(o *Options) bool { return o.Patch },
			open:      openPatch,
			emptyNote: emptyStdin,
		},
		{
			name:     "message",
			selected: func(o *Options) bool { return o.Message != nil },
			open:     func(_ context.Context, _ *cli.App, o *Options) (*Input, error) { return &Input{Blobs: o.Message}, nil },
			paths:    noPath,
		},
		{
			name:       "standard input",
			selected:   func(o *Options) bool { return slices.Equal(o.Paths, []string{"-"}) },
			open:       openStdin,
			takesPaths: true,
			paths:      noPath,
			emptyNote:  emptyStdin,
		},
		{
			name:       "files",
			selected:   func(*Options) bool { return true },
			open:       openFiles,
			takesPaths: true,
			paths:      fromCwd,
			watch:      true,
			covers:     filesCoverage,
			prepare:    prepareFiles,
		},
	}
}

// target returns the row that the options select.
func (o *Options) target() *target {
	rows := targets()
	at := slices.IndexFunc(rows, func(t target) bool { return t.selected(o) })
	return &rows[at] // the last one is always selected
}

// coverage returns which part of the repository the options select.
func (o *Options) coverage(root *project.Root) allow.Coverage {
	if t := o.target(); t.covers != nil {
		return t.covers(o, root)
	}
	return allow.Partial
}

// Input is an opened target. The caller must close it.
type Input struct {
	Blobs scanner.Source // nil: the history of repo
	repo  *gitrepo.Repo  // nil: the target needs none
}

// Close releases the repository.
func (in *Input) Close() {
	if in.repo != nil {
		_ = in.repo.Close()
	}
}

// Open opens the target that the options select.
func Open(ctx context.Context, a *cli.App, o Options) (*Input, error) {
	return o.target().open(ctx, a, &o)
}

// opener opens a target. Further calls return the same input.
type opener func(context.Context) (*Input, error)

func newOpener(a *cli.App, o Options) opener {
	return func(ctx context.Context) (*Input, error) { return Open(ctx, a, o) }
}

// beginOpen starts to open an early target at once. The opener waits for the result. If
// the configuration is invalid, the input is never closed: its process ends with ctx, or
// with keyguard.
func beginOpen(ctx context.Context, a *cli.App, o Options) opener {
	if !o.target().early {
		return newOpener(a, o)
	}
	open := sync.OnceValues(func() (*Input, error) { return Open(ctx, a, o) })
	go open()
	return func(context.Context) (*Input, error) { return open() }
}

// OpenStaged opens the staged changes of the current repository.
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

func prepareStaged(r *Run, in *Input) {
	if staged, ok := in.Blobs.(gitrepo.Staged); ok {
		staged.Reveals = r.reveals
		in.Blobs = staged
	}
}

func openHistory(ctx context.Context, _ *cli.App, _ *Options) (*Input, error) {
	repo, err := project.OpenRepo(ctx)
	return &Input{repo: repo}, err
}

func historyCoverage(o *Options, _ *project.Root) allow.Coverage {
	if h := &o.History; h.All && h.Since == "" && len(h.Branches) == 0 && !h.ReachableOnly {
		return allow.AllHistory
	}
	return allow.Partial
}

func openPatch(_ context.Context, a *cli.App, _ *Options) (*Input, error) {
	return &Input{Blobs: source.Patch{R: a.In}}, nil
}

func openStdin(_ context.Context, a *cli.App, _ *Options) (*Input, error) {
	return &Input{Blobs: source.Stream{Name: source.StdinName, R: a.In}}, nil
}

func openFiles(_ context.Context, _ *cli.App, o *Options) (*Input, error) {
	paths := o.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	if slices.Contains(paths, "-") {
		return nil, cli.Usage("scan", "- reads standard input and cannot be used with other paths")
	}
	return &Input{Blobs: source.Tree{Dir: o.Dir, Paths: paths, List: listFiles}}, nil
}

// listFiles lists the files of a directory that git does not ignore. Outside of a
// repository it returns source.ErrNotListed.
func listFiles(ctx context.Context, dir string) iter.Seq2[string, error] {
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

func filesCoverage(o *Options, root *project.Root) allow.Coverage {
	if len(o.Paths) == 0 && (o.Dir == root.Dir || o.Dir == "" && root.Cwd == root.Dir) {
		return allow.WorkingTree
	}
	return allow.Partial
}

func prepareFiles(r *Run, in *Input) {
	if tree, ok := in.Blobs.(source.Tree); ok {
		tree.Except, tree.MaxSize = r.written, r.policy.Config.MaxFileSize
		in.Blobs = tree
	}
}
