package ci

// buildkite reads the variables of Buildkite. For a push they contain only its new tip.
// BUILDKITE_COMMIT is HEAD if a build was started for a branch.
// https://buildkite.com/docs/pipelines/configure/environment-variables
func buildkite(get func(string) string) *Job {
	tip := get("BUILDKITE_COMMIT")
	j := newPush(get("BUILDKITE_BRANCH"), get("BUILDKITE_TAG"), "", tip)
	switch source := get("BUILDKITE_SOURCE"); {
	case get("BUILDKITE_MERGE_QUEUE_BASE_COMMIT") != "":
		j = &Job{Kind: Change, Label: "merge queue", Tip: tip, Starts: knownIDs(get("BUILDKITE_MERGE_QUEUE_BASE_COMMIT"))}
	case isPullRequest(get("BUILDKITE_PULL_REQUEST")):
		j = &Job{Kind: Change, Label: "pull request", Tip: tip, Starts: tracking(get("BUILDKITE_PULL_REQUEST_BASE_BRANCH"))}
	case source == "schedule":
		j = &Job{Kind: Full, Label: "scheduled run", Tip: tip}
	case source == "ui":
		j = &Job{Kind: Full, Label: "manual run", Tip: tip}
	}
	j.Default = get("BUILDKITE_PIPELINE_DEFAULT_BRANCH")
	j.FetchHint = "fetch the target branch before the scan: " + fetch
	return j
}

// isPullRequest reports whether s is the number of a pull request: some systems write
// false for none.
func isPullRequest(s string) bool { return s != "" && s != "false" }
