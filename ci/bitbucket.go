package ci

// bitbucket reads the default variables of Bitbucket Pipelines. It tells of a
// push only where it ended, and runs no pipelines for forks' pull requests.
// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
func bitbucket(get func(string) string) *Job {
	sha := get("BITBUCKET_COMMIT")
	if get("BITBUCKET_PR_ID") == "" {
		return newPush(get("BITBUCKET_BRANCH"), get("BITBUCKET_TAG"), "", sha)
	}
	target := get("BITBUCKET_PR_DESTINATION_BRANCH")
	return &Job{
		Kind: Change, Label: "pull request", Tip: sha,
		Starts:    append(tracking(target), knownIDs(get("BITBUCKET_PR_DESTINATION_COMMIT"))...),
		FetchHint: "fetch the target branch before the scan: " + fetch,
	}
}

// fetch brings all branches, whatever the clone was limited to.
const fetch = "git fetch origin '+refs/heads/*:refs/remotes/origin/*'"
