package ci

// gitlab reads the predefined variables of GitLab CI/CD.
// https://docs.gitlab.com/ci/variables/predefined_variables/
func gitlab(get func(string) string) *Job {
	sha, label := get("CI_COMMIT_SHA"), get("CI_PIPELINE_SOURCE")
	j := newPush(get("CI_COMMIT_BRANCH"), get("CI_COMMIT_TAG"), get("CI_COMMIT_BEFORE_SHA"), sha)
	switch {
	case get("CI_MERGE_REQUEST_IID") != "":
		// In a pipeline of a fork, origin is the fork, whose branches are not trusted.
		j = &Job{Kind: Change, Label: "merge request", Tip: sha, Starts: knownIDs(get("CI_MERGE_REQUEST_DIFF_BASE_SHA"))}
		if head := get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"); head != "" { // a merged results pipeline
			j.Tip = head
			j.setMerge(sha)
		}
		if get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train" {
			j.Label = "merge train"
		}
	case get("CI_EXTERNAL_PULL_REQUEST_IID") != "":
		j = &Job{Kind: Change, Label: "pull request", Tip: sha, Starts: knownIDs(get("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA"))}
	case label == "schedule":
		j = &Job{Kind: Full, Label: "scheduled run", Tip: sha}
	case label == "web":
		j = &Job{Kind: Full, Label: "manual run", Tip: sha}
	}
	j.Default = get("CI_DEFAULT_BRANCH")
	j.FetchHint = `set the variable GIT_DEPTH: "0" for the job, so that GitLab fetches all branches`
	return j
}
