package ci

import "strings"

// travis reads the default variables of Travis CI.
// https://docs.travis-ci.com/user/environment-variables/#default-environment-variables
func travis(get func(string) string) *Job {
	before, _, _ := strings.Cut(get("TRAVIS_COMMIT_RANGE"), ".")
	switch {
	case isPullRequest(get("TRAVIS_PULL_REQUEST")):
		target := get("TRAVIS_BRANCH")
		j := &Job{
			Kind: Change, Label: "pull request", Tip: get("TRAVIS_PULL_REQUEST_SHA"),
			Starts:    append(tracking(target), knownIDs(before)...),
			FetchHint: "fetch the target branch before the scan: " + fetch,
		}
		j.setMerge(get("TRAVIS_COMMIT"))
		return j
	case get("TRAVIS_EVENT_TYPE") == "cron":
		return &Job{Kind: Full, Label: "scheduled run", Tip: get("TRAVIS_COMMIT")}
	case get("TRAVIS_EVENT_TYPE") == "api":
		return &Job{Kind: Full, Label: "manual run", Tip: get("TRAVIS_COMMIT")}
	}
	return newPush(get("TRAVIS_BRANCH"), get("TRAVIS_TAG"), before, get("TRAVIS_COMMIT"))
}
