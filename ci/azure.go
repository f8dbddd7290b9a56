package ci

import "strings"

// azure reads the predefined variables of Azure Pipelines. For a push they contain only
// its new tip. https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
func azure(get func(string) string) *Job {
	sha, ref := get("BUILD_SOURCEVERSION"), get("BUILD_SOURCEBRANCH")
	switch get("BUILD_REASON") {
	case "PullRequest":
		j := &Job{Kind: Change, Label: "pull request", Tip: get("SYSTEM_PULLREQUEST_SOURCECOMMITID"), Starts: tracking(get("SYSTEM_PULLREQUEST_TARGETBRANCH"))}
		if j.Tip == "" {
			j.Tip = sha
		}
		j.setMerge(sha)
		j.FetchHint = "begin the job's steps with checkout: self and fetchDepth: 0, which fetches all branches"
		return j
	case "Schedule":
		return &Job{Kind: Full, Label: "scheduled run", Tip: sha}
	case "Manual":
		return &Job{Kind: Full, Label: "manual run", Tip: sha}
	}
	tag, isTag := strings.CutPrefix(ref, "refs/tags/")
	if !isTag {
		tag = ""
	}
	return newPush(strings.TrimPrefix(ref, "refs/heads/"), tag, "", sha)
}
