package main

import (
	"context"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// staged is the source of what is staged, on its way: git is asked while
// configuration and rules are read, which takes about as long.
type staged struct {
	ready chan struct{}
	src   scanner.Source
	close func()
	err   error
}

// askStaged begins to list what is staged, until ctx ends.
func askStaged(ctx context.Context) *staged {
	s := &staged{ready: make(chan struct{}), close: func() {}}
	go func() {
		defer close(s.ready)
		dir, err := workingDir()
		if err != nil {
			s.err = err
			return
		}
		repo, err := gitrepo.Open(ctx, dir)
		if err != nil {
			s.err = err
			return
		}
		s.src = source.Ahead(ctx, gitrepo.Staged{Repo: repo})
		s.close = func() { _ = repo.Close() }
	}()
	return s
}

// wait returns the source when git has answered.
func (s *staged) wait() (scanner.Source, func(), error) {
	<-s.ready
	return s.src, s.close, s.err
}
