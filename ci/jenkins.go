package ci

import "strings"

// jenkins reads the variables of Jenkins, its git plugin and multibranch projects.
// Scripted pipelines have no GIT_ variables: then the range is from the default branch to
// HEAD. https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
// https://plugins.jenkins.io/git/#plugin-content-environment-variables
func jenkins(get func(string) string) *Job {
	tip := get("GIT_COMMIT")
	if get("CHANGE_ID") != "" {
		return &Job{
			Kind: Change, Label: "pull request", Tip: tip, Starts: tracking(get("CHANGE_TARGET")),
			FetchHint: "fetch the target branch before the scan: " + fetch,
		}
	}
	branch := get("BRANCH_NAME")
	if branch == "" {
		branch = strings.TrimPrefix(get("GIT_BRANCH"), "origin/")
	}
	j := newPush(branch, get("TAG_NAME"), get("GIT_PREVIOUS_SUCCESSFUL_COMMIT"), tip)
	if get("BRANCH_IS_PRIMARY") == "true" {
		j.Default = branch
	}
	return j
}
