package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/keyguard/keyguard/ci"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
)

// planCI asks the CI system that this runs in what there is to scan, says so,
// and sets the flags accordingly. Configuration comes from a commit that whoever
// made the new ones could not choose, unless --config-from names another.
func (a *app) planCI(ctx context.Context, f *scanFlags) error {
	plan, err := a.ciPlan(ctx)
	var known *ci.Error
	switch {
	case errors.Is(err, ci.ErrUnknown):
		return &hinted{err, "--ci works in " + ciNames() + "; elsewhere, name the commits: keyguard scan --range A..B --config-from A"}
	case errors.As(err, &known):
		return &hinted{err, known.Hint}
	case err != nil:
		return err
	}
	f.plan = plan
	f.history.planned, f.history.all = plan.Revisions, len(plan.Revisions) == 0
	f.policy.planned = true
	f.policy.forbidMarks = !plan.Marks
	if f.policy.from == "" {
		f.policy.from = plan.Config
	}
	fmt.Fprintf(a.err, "keyguard: %s\n", report.Printable(plan.String()))
	if f.policy.from == "" {
		fmt.Fprintf(a.err, "keyguard: note: set %s to the name of your default branch, and its configuration counts\n", ci.DefaultVariable)
	}
	return nil
}

func (a *app) ciPlan(ctx context.Context) (*ci.Plan, error) {
	job, err := ci.Detect(ci.Environment{Get: a.env, Read: os.ReadFile})
	if err != nil {
		return nil, err
	}
	repo, err := openHere(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = repo.Close() }()
	return job.Plan(ctx, clone{repo})
}

// clone is a repository as a plan sees it.
type clone struct{ *gitrepo.Repo }

// IsShallow implements ci.Repository.
func (c clone) IsShallow() bool { return c.Shallow }

func ciNames() string {
	var names []string
	for _, s := range ci.Systems() {
		names = append(names, s.Name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// bare is the store of a place that has no files.
type bare struct{}

// Read implements config.Store.
func (bare) Read(string, int64) ([]byte, error) { return nil, fs.ErrNotExist }

// Label implements config.Store.
func (bare) Label(name string) string { return name }

// unmarked is a configuration for others to be read after.
type unmarked struct{ bare }

// Read implements config.Store.
func (unmarked) Read(string, int64) ([]byte, error) { return []byte("[inline]\nmarks = false\n"), nil }

// forCI is what comes before all files where marks of a change must not count:
// a project may say that they do.
func forCI() config.Source { return config.Source{Store: unmarked{}, Name: "scan --ci"} }
