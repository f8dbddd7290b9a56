package ci

// circle reads the built-in variables of CircleCI. They lack the start of a push, for
// which BaseVariable can be set to << pipeline.git.base_revision >>, and the target of a
// pull request. https://circleci.com/docs/variables/
func circle(get func(string) string) *Job {
	if get("CIRCLE_PULL_REQUEST") != "" || get("CIRCLE_PR_NUMBER") != "" {
		return &Job{Kind: Change, Label: "pull request", Tip: get("CIRCLE_SHA1"), FetchHint: "set " + DefaultVariable + " to the name of the default branch"}
	}
	return newPush(get("CIRCLE_BRANCH"), get("CIRCLE_TAG"), "", get("CIRCLE_SHA1"))
}
