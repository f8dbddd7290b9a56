package ci

// bitbucket reads the default variables of Bitbucket Pipelines. For a push they contain
// only its new tip. Bitbucket runs no pipelines for pull requests from forks.
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

// fetch is the command that fetches all branches, even in a clone that is limited to one.
const fetch = "git fetch origin '+refs/heads/*:refs/remotes/origin/*'"
