package ci

import (
	"context"
	"fmt"
)

// Repository gives Plan access to a clone.
type Repository interface {
	// Resolve returns the ID of the object that a revision names, or "" if the clone
	// does not contain it.
	Resolve(ctx context.Context, revision string) string
	// Reaches reports whether to is from or an ancestor of it. Both are IDs.
	Reaches(ctx context.Context, from, to string) (bool, error)
	// Count returns the number of commits that revisions select in git rev-list.
	Count(ctx context.Context, revisions []string) (int, error)
	// DefaultBranch returns the default branch of the origin at the time of the
	// clone, or "" if unknown.
	DefaultBranch(ctx context.Context) string
	// IsShallow reports whether the clone is shallow.
	IsShallow() bool
	// IsWhole reports whether no object is missing from the commits that revisions
	// select in git rev-list; with only, from the named commits alone.
	IsWhole(ctx context.Context, revisions []string, only bool) (bool, error)
}

// Plan describes the scan of a run.
type Plan struct {
	Job *Job
	Tip string // the newest commit
	// Start is the commit whose history is excluded; empty to exclude nothing.
	Start string
	// Revisions are IDs that select the commits in git rev-list. If empty, the whole
	// repository is scanned.
	Revisions []string
	Commits   int // the number that Revisions select
	// Config is the commit to read configuration from, which the author of the new
	// commits cannot choose; empty if there is none.
	Config string
	// Marks is whether comments may allow findings. It is false for a Change.
	Marks bool
}

// Error is the reason why there is no plan.
type Error struct {
	Message string
	Hint    string
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Plan selects the commits to scan in a clone. It returns an *Error with a hint if the clone
// lacks commits or objects.
func (j *Job) Plan(ctx context.Context, repo Repository) (*Plan, error) {
	if repo.IsShallow() {
		return nil, &Error{"the clone is shallow: the new commits are unknown without the history before them", j.depthHint()}
	}
	p := &planner{ctx: ctx, repo: repo, job: j}
	tip := j.Tip
	if tip == "" {
		tip = "HEAD"
	}
	if p.tip = p.commit(tip); p.tip == "" {
		return nil, &Error{fmt.Sprintf("the commit of this %s, %s, is not in this clone", j.Label, tip), "check out the repository and the commit that the run is for; " + j.depthHint()}
	}
	var plan *Plan
	switch j.Kind {
	case Full:
		plan = &Plan{Config: p.tip, Marks: true}
	case Change:
		plan = p.change()
	default:
		plan = p.push()
	}
	if p.err != nil {
		return nil, p.err
	}
	plan.Job, plan.Tip = j, p.tip
	if j.Kind != Full {
		plan.Revisions = append(p.extraTips(), p.tip)
		if plan.Start != "" {
			plan.Revisions = append(plan.Revisions, "^"+plan.Start)
		}
	}
	return plan, p.check(plan)
}

// check counts the commits, and checks that all their objects and the configuration are
// in the clone.
func (p *planner) check(plan *Plan) (err error) {
	selected := plan.Revisions
	if selected == nil {
		selected = []string{"--all"}
	}
	whole, err := p.repo.IsWhole(p.ctx, selected, false)
	if err == nil && whole && plan.Config != "" {
		whole, err = p.repo.IsWhole(p.ctx, []string{plan.Config}, true)
	}
	switch {
	case err != nil:
		return err
	case !whole:
		return &Error{"the clone is partial: files of its history are missing", p.job.depthHint()}
	case plan.Revisions != nil:
		plan.Commits, err = p.repo.Count(p.ctx, plan.Revisions[len(p.extraTips()):])
	}
	return err
}

// planner holds the state of one call of Plan.
type planner struct {
	ctx  context.Context
	repo Repository
	job  *Job
	tip  string
	err  error // the first one
}

func (p *planner) commit(revision string) string {
	return p.repo.Resolve(p.ctx, revision+"^{commit}")
}

func (p *planner) reaches(from, to string) bool {
	ok, err := p.repo.Reaches(p.ctx, from, to)
	if p.err == nil {
		p.err = err
	}
	return ok
}

// change returns a plan that starts at the first of the job's starts in the clone. A
// start that contains all proposed commits is used only if there is no other: the change
// has been merged meanwhile.
func (p *planner) change() *Plan {
	if len(p.job.Starts) == 0 {
		return p.changeWithoutTarget()
	}
	start := ""
	for _, s := range p.job.Starts {
		id := p.commit(s)
		if id == "" {
			continue
		}
		start = id
		if !p.reaches(id, p.tip) {
			break
		}
	}
	return p.changeFrom(start)
}

// changeWithoutTarget returns the plan of a change whose target branch is unknown: it
// starts at the default branch. If that contains all commits, it may be the proposed
// branch itself, so all of it is scanned.
func (p *planner) changeWithoutTarget() *Plan {
	_, tip := p.defaultBranch()
	plan := p.changeFrom(tip)
	if tip != "" && p.reaches(tip, p.tip) {
		plan.Start = ""
	}
	return plan
}

// changeFrom returns the plan of a change that starts at a commit.
func (p *planner) changeFrom(start string) *Plan {
	if start == "" && p.err == nil {
		fix := p.job.FetchHint
		if fix == "" {
			fix = p.job.depthHint()
		}
		p.err = &Error{fmt.Sprintf("the base commit of this %s is not in this clone", p.job.Label), fix}
	}
	return &Plan{Start: start, Config: start}
}

// push returns a plan that starts at the previous commit of the branch. If that is
// unknown or not an ancestor, it starts at the default branch, or else excludes nothing.
// Configuration is read from the default branch if another was pushed: a first push must
// not be able to hide the secrets of a second.
func (p *planner) push() *Plan {
	before, forced := p.previousTip()
	name, tip := p.defaultBranch()
	own := name != "" && p.job.Branch == name
	switch {
	case before != "" && tip != "" && !own:
		return &Plan{Start: before, Config: tip, Marks: true}
	case before != "":
		return &Plan{Start: before, Config: before, Marks: true}
	case tip != "" && !own && (p.job.Branch != "" || p.job.Tag != "" || !p.reaches(tip, p.tip)):
		return &Plan{Start: tip, Config: tip, Marks: true}
	case forced != "":
		return &Plan{Start: forced, Config: forced, Marks: true}
	case own:
		return &Plan{Config: p.tip, Marks: true}
	}
	return &Plan{Config: tip, Marks: true}
}

// previousTip returns the previous commit of the pushed branch: before if the new history
// contains it, forced if not. A commit that contains all of the new history counts as
// unknown, because nothing would be left to scan although its own run may have failed.
func (p *planner) previousTip() (before, forced string) {
	for _, s := range p.job.Starts {
		id := p.commit(s)
		switch {
		case id == "" || p.reaches(id, p.tip):
		case p.reaches(p.tip, id):
			return id, ""
		case forced == "":
			forced = id
		}
	}
	return "", forced
}

// defaultBranch returns the name and the commit of the default branch.
func (p *planner) defaultBranch() (name, tip string) {
	names := []string{p.job.Default}
	if p.job.Default == "" {
		names = []string{p.repo.DefaultBranch(p.ctx), "main", "master"}
	}
	for _, name := range names {
		for _, ref := range tracking(name) {
			if id := p.commit(ref); id != "" {
				return name, id
			}
		}
	}
	return names[0], ""
}

// extraTips returns the IDs to scan in addition to the tip: the pushed tag, for its
// message, and the merge commit, which is checked out.
func (p *planner) extraTips() (ids []string) {
	if isRefName(p.job.Tag) {
		ids = append(ids, p.repo.Resolve(p.ctx, "refs/tags/"+p.job.Tag))
	}
	if p.job.Merge != "" {
		ids = append(ids, p.commit(p.job.Merge))
	}
	return knownIDs(ids...)
}

// String returns a one-line summary: the run, the commits and the configuration.
func (p *Plan) String() string {
	selected := "all history"
	switch {
	case len(p.Revisions) > 0 && p.Start == "":
		selected = fmt.Sprintf("%s and its history, %s", short(p.Tip), counted(p.Commits))
	case len(p.Revisions) > 0:
		selected = fmt.Sprintf("%s..%s, %s", short(p.Start), short(p.Tip), counted(p.Commits))
	}
	config := "no configuration, because no trusted branch is known"
	if p.Config != "" {
		config = "configuration from " + short(p.Config)
	}
	return fmt.Sprintf("%s %s: scanning %s, %s", p.Job.System.Name, p.Job.Label, selected, config)
}

func short(id string) string { return id[:min(len(id), 7)] }

func counted(commits int) string {
	if commits == 1 {
		return "1 commit"
	}
	return fmt.Sprintf("%d commits", commits)
}
