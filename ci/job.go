package ci

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the reason for a run.
type Kind int

// The kinds of runs.
const (
	Push   Kind = iota // a branch or a tag has new commits
	Change             // commits are proposed: a pull request, a merge queue
	Full               // nothing is new, so everything is scanned: a schedule, a manual run
)

// Job describes a run of a CI system. Its revisions are commit IDs, full or abbreviated,
// or full refs.
type Job struct {
	System    System
	Kind      Kind
	Label     string   // push, tag, pull request, …
	Tip       string   // the newest commit; empty for HEAD
	Merge     string   // the merge of Tip into its target, if the system created one to test
	Starts    []string // commits without the new ones, the best first
	Branch    string   // the pushed branch; empty if unknown or not a branch
	Tag       string   // the pushed tag
	Default   string   // the default branch; empty if unknown
	FetchHint string   // the hint if no start of a Change is in the clone
}

// Environment gives access to the variables and files of a run.
type Environment struct {
	Get  func(name string) string          // a variable; empty if it is not set
	Read func(name string) ([]byte, error) // a file, in full
}

// Variables that complete or override the data of a system.
const (
	BaseVariable    = "KEYGUARD_BASE"           // the commit before a push
	DefaultVariable = "KEYGUARD_DEFAULT_BRANCH" // the name of the default branch
)

// ErrUnknown reports that no system was recognized.
var ErrUnknown = errors.New("no CI system is recognized by its variables")

// Detect returns the job of the system that set env. It returns ErrUnknown if there is
// none, or the error of reading the event.
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

// depthHint returns the hint to clone the whole history.
func (j *Job) depthHint() string { return "in " + j.System.Name + ", " + j.System.DepthHint }

// newPush returns the job of a push, from a commit that may be unknown.
func newPush(branch, tag, before, tip string) *Job {
	j := &Job{Kind: Push, Label: "push", Branch: branch, Tag: tag, Tip: tip}
	if tag != "" {
		j.Label, j.Branch = "tag", ""
		return j // the tag's previous commit does not delimit the new ones
	}
	j.Starts = knownIDs(before)
	return j
}

// setMerge records the merge commit that a system created to test a change. Its first
// parent is the current target; the base that a system names may be older.
func (j *Job) setMerge(id string) {
	if id != j.Tip {
		j.Merge, j.Starts = id, append(knownIDs(id+"^1"), j.Starts...)
	}
}

// knownIDs removes IDs that are empty or all zeros, which systems use for no commit.
func knownIDs(ids ...string) []string {
	var out []string
	for _, id := range ids {
		if strings.Trim(id, "0") != "" {
			out = append(out, id)
		}
	}
	return out
}

// tracking returns the remote-tracking ref of a branch, as a list that is empty if the
// name is not valid.
func tracking(branch string) []string {
	branch = strings.TrimPrefix(branch, "refs/heads/")
	if !isRefName(branch) {
		return nil
	}
	return []string{"refs/remotes/origin/" + branch}
}

// isRefName checks the rules of git check-ref-format that matter here: git must not parse
// a name as an option, a range or an ancestor.
func isRefName(name string) bool {
	if name == "" || strings.Contains(name, "..") || strings.Contains(name, "@{") || strings.HasPrefix(name, "-") {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`~^:?*[\`, r) })
}
