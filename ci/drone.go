package ci

// drone reads the variables of Drone.
// https://docs.drone.io/pipeline/environment/reference/
func drone(get func(string) string) *Job {
	sha, before := get("DRONE_COMMIT_SHA"), get("DRONE_COMMIT_BEFORE")
	j := newPush(get("DRONE_BRANCH"), get("DRONE_TAG"), before, sha)
	switch get("DRONE_BUILD_EVENT") {
	case "pull_request":
		j = &Job{Kind: Change, Label: "pull request", Tip: sha, Starts: append(tracking(get("DRONE_TARGET_BRANCH")), knownIDs(before)...)}
	case "cron":
		j = &Job{Kind: Full, Label: "scheduled run", Tip: sha}
	case "custom":
		j = &Job{Kind: Full, Label: "manual run", Tip: sha}
	}
	j.Default = get("DRONE_REPO_BRANCH")
	j.FetchHint = "fetch the target branch before the scan: " + fetch
	return j
}
