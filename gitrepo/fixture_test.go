package gitrepo

import (
	"context"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
)

// fixture is a repository that a test creates.
type fixture struct{ *gittest.Repo }

func newFixture(t testing.TB, initArgs ...string) *fixture {
	t.Helper()
	return &fixture{gittest.New(t, initArgs...)}
}

// in returns f in another directory.
func (f *fixture) in(dir string) *fixture { return &fixture{f.In(dir)} }

func (f *fixture) open() *Repo {
	f.T.Helper()
	r, err := Open(context.Background(), f.Dir)
	if err != nil {
		f.T.Fatal(err)
	}
	f.T.Cleanup(func() { _ = r.Close() })
	return r
}
