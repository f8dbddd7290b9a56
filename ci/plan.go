package ci

import (
	"context"
	"fmt"
)

// Repository is what a plan asks of a clone.
type Repository interface {
	// Resolve returns the id of the object that a revision names; empty if there
	// is none here.
	Resolve(ctx context.Context, revision string) string
	// Reaches reports whether one commit is another, or has it among its
	// ancestors. Both are ids.
	Reaches(ctx context.Context, from, to string) (bool, error)
	// Count returns how many commits revisions select, as git rev-list does.
	Count(ctx context.Context, revisions []string) (int, error)
	// DefaultBranch returns the default branch that the origin had when it was
	// cloned; empty if that is not known.
	DefaultBranch(ctx context.Context) string
	// IsShallow reports whether history is cut.
	IsShallow() bool
	// IsWhole reports whether nothing is missing of the commits that revisions
	// select, as git rev-list does; with only, of these alone.
	IsWhole(ctx context.Context, revisions []string, only bool) (bool, error)
}

// Plan is what a run should scan.
type Plan struct {
	Job *Job
	Tip string // the newest commit
	// Start is the commit whose history is left out; empty if nothing is.
	Start string
	// Revisions select the commits for git rev-list, as ids. None: everything
	// that the repository holds.
	Revisions []string
	Commits   int // that Revisions select
	// Config is the commit to read configuration from, which whoever made the
	// new commits could not choose; empty if there is none.
	Config string
	// Marks says whether comments that allow a finding count. Those of a Change
	// do not.
	Marks bool
}

// Error is a reason why there is no plan.
type Error struct {
	Message string
	Hint    string // what to do about it
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Plan decides what to scan in a clone. An *Error says why it cannot.
func (j *Job) Plan(ctx context.Context, repo Repository) (*Plan, error) {
	if repo.IsShallow() {
		return nil, &Error{"the clone is shallow: which commits are new cannot be told from a history that is cut", j.depthHint()}
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

// check counts the commits and sees to it that they can be read, and the
// configuration.
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

// planner is a plan that is being made.
type planner struct {
	ctx  context.Context // of the one call of Plan
	repo Repository
	job  *Job
	tip  string
	err  error // the first
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

// change starts at the first of the commits to start at that is here. One that
// has all that is proposed is taken only if there is no other: the change was
// merged meanwhile.
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

// unaimed is change where the system does not tell for which branch it is: it
// starts at the default branch. If that has all, it may be the very branch that
// is proposed for another: all of it is scanned.
func (p *planner) changeWithoutTarget() *Plan {
	_, tip := p.defaultBranch()
	plan := p.changeFrom(tip)
	if tip != "" && p.reaches(tip, p.tip) {
		plan.Start = ""
	}
	return plan
}

// from is the plan of a change that starts at a commit.
func (p *planner) changeFrom(start string) *Plan {
	if start == "" && p.err == nil {
		fix := p.job.FetchHint
		if fix == "" {
			fix = p.job.depthHint()
		}
		p.err = &Error{fmt.Sprintf("the commit that this %s starts at is not in this clone", p.job.Label), fix}
	}
	return &Plan{Start: start, Config: start}
}

// push starts at the commit that the branch had before; if that is not known, or
// was no ancestor, at the default branch; else nowhere. Configuration is the
// default branch's, where there is another: one that a first push brings must not
// hide what a second one does.
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

// before returns where the pushed branch was: in its new history, or, after a
// push by force, beside it. Where it has all of the new history, nothing would
// be left to scan, though a run may have failed there: it is as unknown.
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

// defaultBranch returns the default branch's name and commit.
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

// beside returns what is scanned beside the tip: the tag that was pushed, whose
// message counts as well, and a merge, as it is what is checked out.
func (p *planner) extraTips() (ids []string) {
	if isRefName(p.job.Tag) {
		ids = append(ids, p.repo.Resolve(p.ctx, "refs/tags/"+p.job.Tag))
	}
	if p.job.Merge != "" {
		ids = append(ids, p.commit(p.job.Merge))
	}
	return knownIDs(ids...)
}

// String tells in a line what is scanned and why.
func (p *Plan) String() string {
	what := "all history"
	switch {
	case len(p.Revisions) > 0 && p.Start == "":
		what = fmt.Sprintf("%s and its history, %s", short(p.Tip), counted(p.Commits))
	case len(p.Revisions) > 0:
		what = fmt.Sprintf("%s..%s, %s", short(p.Start), short(p.Tip), counted(p.Commits))
	}
	config := "no configuration, as no branch to trust is known"
	if p.Config != "" {
		config = "configuration from " + short(p.Config)
	}
	return fmt.Sprintf("%s %s: scanning %s, %s", p.Job.System.Name, p.Job.Label, what, config)
}

func short(id string) string { return id[:min(len(id), 7)] }

func counted(commits int) string {
	if commits == 1 {
		return "1 commit"
	}
	return fmt.Sprintf("%d commits", commits)
}
