package scanrun

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/keyguard/keyguard/ci"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/report"
)

// planCI detects the CI system and sets the options to the commits that are new in this
// run. Configuration is read from a commit that the author of the new ones cannot choose,
// unless --config-from names another.
func planCI(ctx context.Context, a *cli.App, f *Options) error {
	plan, err := detectPlan(ctx, a)
	var known *ci.Error
	switch {
	case errors.Is(err, ci.ErrUnknown):
		return cli.WithHint(err, "--ci works in "+ciNames()+"; elsewhere, name the commits: keyguard scan --range A..B --config-from A")
	case errors.As(err, &known):
		return cli.WithHint(err, known.Hint)
	case err != nil:
		return err
	}
	f.plan = plan
	f.History.planned, f.History.All = plan.Revisions, len(plan.Revisions) == 0
	f.Policy.Planned = true
	f.Policy.ForbidMarks = !plan.Marks
	if f.Policy.From == "" {
		f.Policy.From = plan.Config
	}
	fmt.Fprintf(a.Err, "keyguard: %s\n", report.Printable(plan.String()))
	if f.Policy.From == "" {
		fmt.Fprintf(a.Err, "keyguard: note: set %s to the name of your default branch, and its configuration counts\n", ci.DefaultVariable)
	}
	return nil
}

func detectPlan(ctx context.Context, a *cli.App) (*ci.Plan, error) {
	job, err := ci.Detect(ci.Environment{Get: a.Env, Read: os.ReadFile})
	if err != nil {
		return nil, err
	}
	repo, err := project.OpenRepo(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = repo.Close() }()
	return job.Plan(ctx, clone{repo})
}

// clone is a repository as ci.Repository.
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
