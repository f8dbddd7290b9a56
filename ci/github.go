package ci

import (
	"encoding/json"
	"fmt"
	"strings"
)

// event is the part that keyguard reads of GitHub's event, which the runner stores as the
// webhook delivered it. https://docs.github.com/en/webhooks/webhook-events-and-payloads
type event struct {
	Before      string `json:"before"`
	After       string `json:"after"`
	PullRequest *struct {
		Base side `json:"base"`
		Head side `json:"head"`
	} `json:"pull_request"`
	MergeGroup *struct {
		BaseSHA string `json:"base_sha"`
		HeadSHA string `json:"head_sha"`
	} `json:"merge_group"`
	Repository struct {
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
}

type side struct {
	SHA string `json:"sha"`
	Ref string `json:"ref"`
}

// github reads the variables of GitHub Actions, which Gitea and Forgejo set too.
// https://docs.github.com/en/actions/reference/workflows-and-actions/variables
func github(env Environment) (*Job, error) {
	name, sha := env.Get("GITHUB_EVENT_NAME"), env.Get("GITHUB_SHA")
	data, err := env.Read(env.Get("GITHUB_EVENT_PATH"))
	if err != nil {
		return nil, fmt.Errorf("read the event that GITHUB_EVENT_PATH names: %w", err)
	}
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, fmt.Errorf("parse the event that GITHUB_EVENT_PATH names: %w", err)
	}
	var j *Job
	switch {
	case e.PullRequest != nil:
		j = e.pullRequest(name, sha)
	case e.MergeGroup != nil:
		j = &Job{Kind: Change, Label: "merge queue", Tip: e.MergeGroup.HeadSHA, Starts: knownIDs(e.MergeGroup.BaseSHA)}
	case name == "push" || name == "release" || name == "create":
		j = e.push(env.Get("GITHUB_REF"), sha)
	case name == "schedule":
		j = &Job{Kind: Full, Label: "scheduled run", Tip: sha}
	case name == "workflow_dispatch":
		j = &Job{Kind: Full, Label: "manual run", Tip: sha}
	default: // an event without new commits
		j = &Job{Kind: Full, Label: strings.ReplaceAll(name, "_", " ") + " run", Tip: sha}
	}
	j.Default = e.Repository.DefaultBranch
	return j, nil
}

// pullRequest returns a job whose tip is the head of the pull request, because the
// checkout for pull_request_target does not contain it.
func (e *event) pullRequest(name, sha string) *Job {
	j := &Job{Kind: Change, Label: "pull request", Tip: e.PullRequest.Head.SHA, Starts: knownIDs(e.PullRequest.Base.SHA)}
	j.FetchHint = "fetch the target branch before the scan: give actions/checkout the input fetch-depth: 0, and no other repository"
	switch name {
	case "pull_request":
		j.setMerge(sha)
	case "pull_request_target":
		j.FetchHint += "; its input ref can be ${{ github.event.pull_request.head.sha }}"
	}
	return j
}

func (e *event) push(ref, sha string) *Job {
	tag, isTag := strings.CutPrefix(ref, "refs/tags/")
	if !isTag {
		tag = ""
	}
	tip := sha
	if after := knownIDs(e.After); len(after) > 0 && !isTag {
		tip = after[0]
	}
	return newPush(strings.TrimPrefix(ref, "refs/heads/"), tag, e.Before, tip)
}
