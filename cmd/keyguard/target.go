package main

import (
	"context"
	"errors"
	"iter"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// source returns what the flags and arguments name, and how to free it.
func (a *app) source(f scanFlags, args []string) (scanner.Source, func(), error) {
	none := func() {}
	switch {
	case f.given != nil:
		return f.given, none, nil
	case f.patch:
		return source.Patch{R: a.in}, none, nil
	case len(args) == 1 && args[0] == "-":
		return source.Stream{Name: source.StdinName, R: a.in}, none, nil
	case len(args) == 0:
		args = []string{"."}
	}
	for _, arg := range args {
		if arg == "-" {
			return nil, nil, usage("scan", "- reads standard input, and goes with no other path")
		}
	}
	return source.Tree{Paths: args, List: files}, none, nil
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
