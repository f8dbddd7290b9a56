package ci

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what a run is for.
type Kind int

// The kinds of runs.
const (
	Push   Kind = iota // a branch or a tag has new commits
	Change             // commits are proposed: a pull request, a merge queue
	Full               // nothing is new: a schedule, or someone who pressed a button
)

// Job is what a system says of a run. Revisions in it are commit ids, in full or
// abbreviated, or whole refs.
type Job struct {
	System    System
	Kind      Kind
	Label     string   // push, tag, pull request, …
	Tip       string   // the newest commit; HEAD if the system does not say
	Merge     string   // of Tip into its target, if the system made one to test it
	Starts    []string // commits that lack what is new, the best first
	Branch    string   // that was pushed; empty if it is none or not known
	Tag       string   // that was pushed
	Default   string   // the default branch; empty if the system does not say
	FetchHint string   // what to do if a Change starts at nothing that is here
}

// Environment is where the facts come from.
type Environment struct {
	Get  func(name string) string          // a variable; empty if it is not set
	Read func(name string) ([]byte, error) // a file, in full
}

// Variables that fill in what a system does not tell, or say otherwise.
const (
	BaseVariable    = "KEYGUARD_BASE"           // the commit that a push starts at
	DefaultVariable = "KEYGUARD_DEFAULT_BRANCH" // by name
)

// ErrUnknown reports that no system was recognised.
var ErrUnknown = errors.New("no CI system is recognised by its variables")

// Detect returns the job of the system that env is of. It returns ErrUnknown, or
// an error of reading the event.
func Detect(env Environment) (*Job, error) {
	for _, s := range Systems() {
		if !s.detect(env.Get) {
			continue
		}
		j, err := s.job(env)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		j.System = s
		if base := env.Get(BaseVariable); base != "" && j.Kind == Push {
			j.Starts = append([]string{base}, j.Starts...)
		}
		if branch := env.Get(DefaultVariable); branch != "" {
			j.Default = branch
		}
		return j, nil
	}
	return nil, ErrUnknown
}

// whole tells what to do so that the clone has all of history.
func (j *Job) depthHint() string { return "in " + j.System.Name + ", " + j.System.DepthHint }

// pushed returns the job of a push, from a commit that may be unknown.
func newPush(branch, tag, before, tip string) *Job {
	j := &Job{Kind: Push, Label: "push", Branch: branch, Tag: tag, Tip: tip}
	if tag != "" {
		j.Label, j.Branch = "tag", ""
		return j // what the tag named before says nothing of what is new
	}
	j.Starts = knownIDs(before)
	return j
}

// merged notes the merge that a system made to test a change. Its first parent
// is the target as it is now; what a system calls the base may be older.
func (j *Job) setMerge(id string) {
	if id != j.Tip {
		j.Merge, j.Starts = id, append(knownIDs(id+"^1"), j.Starts...)
	}
}

// known leaves out what is empty or all zeros, as systems write "none".
func knownIDs(ids ...string) []string {
	var out []string
	for _, id := range ids {
		if strings.Trim(id, "0") != "" {
			out = append(out, id)
		}
	}
	return out
}

// tracking returns the ref under which a clone has a branch of its origin, as a
// list that is empty if the name is none.
func tracking(branch string) []string {
	branch = strings.TrimPrefix(branch, "refs/heads/")
	if !isRefName(branch) {
		return nil
	}
	return []string{"refs/remotes/origin/" + branch}
}

// isRefName holds names to the rules of git check-ref-format that matter here: a
// name must not be read as an option, a range or an ancestor.
func isRefName(name string) bool {
	if name == "" || strings.Contains(name, "..") || strings.Contains(name, "@{") || strings.HasPrefix(name, "-") {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`~^:?*[\`, r) })
}
