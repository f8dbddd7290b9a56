package ci_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/ci"
)

// Made-up commit ids.
var (
	zeros  = strings.Repeat("0", 40)
	before = strings.Repeat("b", 40)
	after  = strings.Repeat("a", 40)
	merge  = strings.Repeat("e", 40)
	head   = strings.Repeat("d", 40)
)

// jobs are the documented variables of systems, and the jobs that they describe.
var jobs = []struct {
	name  string
	env   string // NAME=value, separated by blanks
	event string // GitHub's
	want  ci.Job
}{
	{"GitHub: a push",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_REF=refs/heads/main GITHUB_SHA=" + after,
		`{"ref":"refs/heads/main","before":"` + before + `","after":"` + after + `","created":false,"forced":false,"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Starts: []string{before}, Branch: "main", Default: "main"}},
	{"GitHub: a new branch",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_REF=refs/heads/feature/x GITHUB_SHA=" + after,
		`{"ref":"refs/heads/feature/x","before":"` + zeros + `","after":"` + after + `","created":true,"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "feature/x", Default: "main"}},
	{"GitHub: a tag",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_REF=refs/tags/v1 GITHUB_SHA=" + after,
		`{"ref":"refs/tags/v1","before":"` + zeros + `","after":"` + head + `","repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1", Default: "main"}},
	{"GitHub: a release",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=release GITHUB_REF=refs/tags/v1 GITHUB_SHA=" + after,
		`{"action":"published","release":{"tag_name":"v1"},"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1", Default: "main"}},
	{"GitHub: a pull request",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request GITHUB_REF=refs/pull/7/merge GITHUB_BASE_REF=main GITHUB_SHA=" + merge,
		`{"pull_request":{"base":{"ref":"main","sha":"` + before + `"},"head":{"ref":"x","sha":"` + head + `"}},"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Merge: merge, Starts: []string{merge + "^1", before}, Default: "main"}},
	{"GitHub: a pull request from a fork, checked in its target",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request_target GITHUB_REF=refs/heads/main GITHUB_SHA=" + before,
		`{"pull_request":{"base":{"ref":"main","sha":"` + before + `"},"head":{"ref":"x","sha":"` + head + `","repo":{"fork":true}}},"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Starts: []string{before}, Default: "main"}},
	{"GitHub: a merge queue",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=merge_group GITHUB_SHA=" + after,
		`{"action":"checks_requested","merge_group":{"base_sha":"` + before + `","head_sha":"` + after + `","base_ref":"refs/heads/main"},"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Change, Label: "merge queue", Tip: after, Starts: []string{before}, Default: "main"}},
	{"GitHub: a schedule",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=schedule GITHUB_REF=refs/heads/main GITHUB_SHA=" + after,
		`{"schedule":"0 3 * * 1","repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Full, Label: "scheduled run", Tip: after, Default: "main"}},
	{"GitHub: a button",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=workflow_dispatch GITHUB_REF=refs/heads/main GITHUB_SHA=" + after,
		`{"inputs":null,"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Full, Label: "manual run", Tip: after, Default: "main"}},
	{"GitHub: another event",
		"GITHUB_ACTIONS=true GITHUB_EVENT_NAME=issue_comment GITHUB_REF=refs/heads/main GITHUB_SHA=" + after,
		`{"issue":{"pull_request":{"url":""}},"repository":{"default_branch":"main"}}`,
		ci.Job{Kind: ci.Full, Label: "issue comment run", Tip: after, Default: "main"}},

	{"GitLab: a push",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=" + before + " CI_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Starts: []string{before}, Branch: "main", Default: "main"}},
	{"GitLab: a new branch",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_BRANCH=x CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=" + zeros + " CI_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x", Default: "main"}},
	{"GitLab: a tag",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_TAG=v1 CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=" + zeros + " CI_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1", Default: "main"}},
	{"GitLab: a merge request, from a branch or a fork",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_IID=7 CI_MERGE_REQUEST_EVENT_TYPE=detached CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=" + zeros + " CI_MERGE_REQUEST_DIFF_BASE_SHA=" + before + " CI_COMMIT_SHA=" + head, "",
		ci.Job{Kind: ci.Change, Label: "merge request", Tip: head, Starts: []string{before}, Default: "main"}},
	{"GitLab: a merged result",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_IID=7 CI_MERGE_REQUEST_EVENT_TYPE=merged_result CI_DEFAULT_BRANCH=main CI_MERGE_REQUEST_DIFF_BASE_SHA=" + before + " CI_MERGE_REQUEST_TARGET_BRANCH_SHA=" + after + " CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=" + head + " CI_COMMIT_SHA=" + merge, "",
		ci.Job{Kind: ci.Change, Label: "merge request", Tip: head, Merge: merge, Starts: []string{merge + "^1", before}, Default: "main"}},
	{"GitLab: a merge train",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_IID=7 CI_MERGE_REQUEST_EVENT_TYPE=merge_train CI_DEFAULT_BRANCH=main CI_MERGE_REQUEST_DIFF_BASE_SHA=" + before + " CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=" + head + " CI_COMMIT_SHA=" + merge, "",
		ci.Job{Kind: ci.Change, Label: "merge train", Tip: head, Merge: merge, Starts: []string{merge + "^1", before}, Default: "main"}},
	{"GitLab: a pull request of a mirrored GitHub repository",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=external_pull_request_event CI_EXTERNAL_PULL_REQUEST_IID=7 CI_DEFAULT_BRANCH=main CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA=" + before + " CI_COMMIT_SHA=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Starts: []string{before}, Default: "main"}},
	{"GitLab: a schedule",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=schedule CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=" + zeros + " CI_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Full, Label: "scheduled run", Tip: after, Default: "main"}},
	{"GitLab: a button",
		"GITLAB_CI=true CI_PIPELINE_SOURCE=web CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main CI_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Full, Label: "manual run", Tip: after, Default: "main"}},

	{"Bitbucket: a push",
		"BITBUCKET_BUILD_NUMBER=3 BITBUCKET_BRANCH=main BITBUCKET_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "main"}},
	{"Bitbucket: a tag",
		"BITBUCKET_BUILD_NUMBER=3 BITBUCKET_TAG=v1 BITBUCKET_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1"}},
	{"Bitbucket: a pull request, with an abbreviated commit",
		"BITBUCKET_BUILD_NUMBER=3 BITBUCKET_PR_ID=7 BITBUCKET_BRANCH=x BITBUCKET_PR_DESTINATION_BRANCH=main BITBUCKET_PR_DESTINATION_COMMIT=" + before[:12] + " BITBUCKET_COMMIT=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Starts: []string{"refs/remotes/origin/main", before[:12]}}},

	{"Azure: a push",
		"TF_BUILD=True BUILD_REASON=IndividualCI BUILD_SOURCEBRANCH=refs/heads/feature/x BUILD_SOURCEVERSION=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "feature/x"}},
	{"Azure: a push, with the default branch told",
		"TF_BUILD=True BUILD_REASON=BatchedCI BUILD_SOURCEBRANCH=refs/heads/x KEYGUARD_DEFAULT_BRANCH=develop BUILD_SOURCEVERSION=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x", Default: "develop"}},
	{"Azure: a tag",
		"TF_BUILD=True BUILD_REASON=IndividualCI BUILD_SOURCEBRANCH=refs/tags/v1 BUILD_SOURCEVERSION=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1"}},
	{"Azure: a pull request of Azure Repos",
		"TF_BUILD=True BUILD_REASON=PullRequest BUILD_SOURCEBRANCH=refs/pull/7/merge SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main SYSTEM_PULLREQUEST_SOURCECOMMITID=" + head + " BUILD_SOURCEVERSION=" + merge, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Merge: merge, Starts: []string{merge + "^1", "refs/remotes/origin/main"}}},
	{"Azure: a pull request of GitHub, from a fork",
		"TF_BUILD=True BUILD_REASON=PullRequest BUILD_SOURCEBRANCH=refs/pull/7/merge SYSTEM_PULLREQUEST_ISFORK=True SYSTEM_PULLREQUEST_TARGETBRANCH=main BUILD_SOURCEVERSION=" + merge, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: merge, Starts: []string{"refs/remotes/origin/main"}}},
	{"Azure: a schedule",
		"TF_BUILD=True BUILD_REASON=Schedule BUILD_SOURCEBRANCH=refs/heads/main BUILD_SOURCEVERSION=" + after, "",
		ci.Job{Kind: ci.Full, Label: "scheduled run", Tip: after}},
	{"Azure: a button",
		"TF_BUILD=True BUILD_REASON=Manual BUILD_SOURCEBRANCH=refs/heads/main BUILD_SOURCEVERSION=" + after, "",
		ci.Job{Kind: ci.Full, Label: "manual run", Tip: after}},

	{"CircleCI: a push",
		"CIRCLECI=true CIRCLE_BRANCH=x CIRCLE_SHA1=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x"}},
	{"CircleCI: a push, with the base revision passed on",
		"CIRCLECI=true CIRCLE_BRANCH=x KEYGUARD_BASE=" + before + " CIRCLE_SHA1=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Starts: []string{before}, Branch: "x"}},
	{"CircleCI: a pull request from a fork",
		"CIRCLECI=true CIRCLE_BRANCH=pull/7 CIRCLE_PR_NUMBER=7 KEYGUARD_BASE=" + before + " CIRCLE_SHA1=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head}},
	{"CircleCI: a branch that has a pull request",
		"CIRCLECI=true CIRCLE_BRANCH=x CIRCLE_PULL_REQUEST=https://github.com/acme/shop/pull/7 CIRCLE_SHA1=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head}},
	{"CircleCI: a tag",
		"CIRCLECI=true CIRCLE_TAG=v1 CIRCLE_SHA1=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1"}},

	{"Buildkite: a push",
		"BUILDKITE=true BUILDKITE_SOURCE=webhook BUILDKITE_PULL_REQUEST=false BUILDKITE_BRANCH=x BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x", Default: "main"}},
	{"Buildkite: a tag",
		"BUILDKITE=true BUILDKITE_SOURCE=webhook BUILDKITE_PULL_REQUEST=false BUILDKITE_BRANCH=v1 BUILDKITE_TAG=v1 BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1", Default: "main"}},
	{"Buildkite: a pull request",
		"BUILDKITE=true BUILDKITE_SOURCE=webhook BUILDKITE_PULL_REQUEST=7 BUILDKITE_PULL_REQUEST_BASE_BRANCH=main BUILDKITE_BRANCH=someone:x BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Starts: []string{"refs/remotes/origin/main"}, Default: "main"}},
	{"Buildkite: a merge queue",
		"BUILDKITE=true BUILDKITE_SOURCE=webhook BUILDKITE_PULL_REQUEST=false BUILDKITE_MERGE_QUEUE_BASE_BRANCH=main BUILDKITE_MERGE_QUEUE_BASE_COMMIT=" + before + " BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=" + after, "",
		ci.Job{Kind: ci.Change, Label: "merge queue", Tip: after, Starts: []string{before}, Default: "main"}},
	{"Buildkite: a schedule",
		"BUILDKITE=true BUILDKITE_SOURCE=schedule BUILDKITE_PULL_REQUEST=false BUILDKITE_BRANCH=main BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=HEAD", "",
		ci.Job{Kind: ci.Full, Label: "scheduled run", Tip: "HEAD", Default: "main"}},
	{"Buildkite: a button",
		"BUILDKITE=true BUILDKITE_SOURCE=ui BUILDKITE_PULL_REQUEST=false BUILDKITE_BRANCH=main BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=HEAD", "",
		ci.Job{Kind: ci.Full, Label: "manual run", Tip: "HEAD", Default: "main"}},

	{"Travis: a push",
		"TRAVIS=true TRAVIS_EVENT_TYPE=push TRAVIS_PULL_REQUEST=false TRAVIS_BRANCH=main TRAVIS_COMMIT_RANGE=" + before[:12] + "..." + after[:12] + " TRAVIS_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Starts: []string{before[:12]}, Branch: "main"}},
	{"Travis: a new branch",
		"TRAVIS=true TRAVIS_EVENT_TYPE=push TRAVIS_PULL_REQUEST=false TRAVIS_BRANCH=x TRAVIS_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x"}},
	{"Travis: a tag",
		"TRAVIS=true TRAVIS_EVENT_TYPE=push TRAVIS_PULL_REQUEST=false TRAVIS_BRANCH=v1 TRAVIS_TAG=v1 TRAVIS_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1"}},
	{"Travis: a pull request",
		"TRAVIS=true TRAVIS_EVENT_TYPE=pull_request TRAVIS_PULL_REQUEST=7 TRAVIS_BRANCH=main TRAVIS_PULL_REQUEST_SHA=" + head + " TRAVIS_COMMIT_RANGE=" + before + "..." + head + " TRAVIS_COMMIT=" + merge, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Merge: merge, Starts: []string{merge + "^1", "refs/remotes/origin/main", before}}},
	{"Travis: a schedule",
		"TRAVIS=true TRAVIS_EVENT_TYPE=cron TRAVIS_PULL_REQUEST=false TRAVIS_BRANCH=main TRAVIS_COMMIT=" + after, "",
		ci.Job{Kind: ci.Full, Label: "scheduled run", Tip: after}},
	{"Travis: a call of the API",
		"TRAVIS=true TRAVIS_EVENT_TYPE=api TRAVIS_PULL_REQUEST=false TRAVIS_BRANCH=main TRAVIS_COMMIT=" + after, "",
		ci.Job{Kind: ci.Full, Label: "manual run", Tip: after}},

	{"Drone: a push",
		"DRONE=true DRONE_BUILD_EVENT=push DRONE_BRANCH=main DRONE_REPO_BRANCH=main DRONE_COMMIT_BEFORE=" + before + " DRONE_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Starts: []string{before}, Branch: "main", Default: "main"}},
	{"Drone: a new branch",
		"DRONE=true DRONE_BUILD_EVENT=push DRONE_BRANCH=x DRONE_REPO_BRANCH=main DRONE_COMMIT_BEFORE=" + zeros + " DRONE_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x", Default: "main"}},
	{"Drone: a tag",
		"DRONE=true DRONE_BUILD_EVENT=tag DRONE_TAG=v1 DRONE_REPO_BRANCH=main DRONE_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1", Default: "main"}},
	{"Drone: a pull request",
		"DRONE=true DRONE_BUILD_EVENT=pull_request DRONE_PULL_REQUEST=7 DRONE_BRANCH=main DRONE_TARGET_BRANCH=main DRONE_SOURCE_BRANCH=x DRONE_REPO_BRANCH=main DRONE_COMMIT_BEFORE=" + before + " DRONE_COMMIT_SHA=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head, Starts: []string{"refs/remotes/origin/main", before}, Default: "main"}},
	{"Drone: a schedule",
		"DRONE=true DRONE_BUILD_EVENT=cron DRONE_BRANCH=main DRONE_REPO_BRANCH=main DRONE_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Full, Label: "scheduled run", Tip: after, Default: "main"}},
	{"Drone: a button",
		"DRONE=true DRONE_BUILD_EVENT=custom DRONE_BRANCH=main DRONE_REPO_BRANCH=main DRONE_COMMIT_SHA=" + after, "",
		ci.Job{Kind: ci.Full, Label: "manual run", Tip: after, Default: "main"}},

	{"Jenkins: a branch of a multibranch project",
		"JENKINS_URL=https://ci.example/ BRANCH_NAME=x GIT_BRANCH=x GIT_PREVIOUS_COMMIT=" + head + " GIT_PREVIOUS_SUCCESSFUL_COMMIT=" + before + " GIT_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Starts: []string{before}, Branch: "x"}},
	{"Jenkins: the primary branch, built for the first time",
		"JENKINS_URL=https://ci.example/ BRANCH_NAME=trunk BRANCH_IS_PRIMARY=true GIT_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "trunk", Default: "trunk"}},
	{"Jenkins: a freestyle project",
		"JENKINS_URL=https://ci.example/ GIT_BRANCH=origin/main GIT_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "main"}},
	{"Jenkins: a scripted pipeline",
		"JENKINS_URL=https://ci.example/ BRANCH_NAME=x", "",
		ci.Job{Kind: ci.Push, Label: "push", Branch: "x"}},
	{"Jenkins: a tag",
		"JENKINS_URL=https://ci.example/ BRANCH_NAME=v1 TAG_NAME=v1 GIT_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "tag", Tip: after, Tag: "v1"}},
	{"Jenkins: a pull request, from a branch or a fork",
		"JENKINS_URL=https://ci.example/ CHANGE_ID=7 CHANGE_TARGET=release/1 CHANGE_BRANCH=x CHANGE_FORK=someone BRANCH_NAME=PR-7 GIT_COMMIT=" + merge, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: merge, Starts: []string{"refs/remotes/origin/release/1"}}},

	{"a job that Jenkins started on an agent of its own",
		"JENKINS_URL=https://ci.example/ BUILDKITE=true BUILDKITE_BRANCH=x BUILDKITE_COMMIT=" + after, "",
		ci.Job{Kind: ci.Push, Label: "push", Tip: after, Branch: "x"}},
	{"a branch whose name would be a range",
		"JENKINS_URL=https://ci.example/ CHANGE_ID=7 CHANGE_TARGET=main..HEAD GIT_COMMIT=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head}},
	{"a branch whose name would be an option",
		"JENKINS_URL=https://ci.example/ CHANGE_ID=7 CHANGE_TARGET=--all GIT_COMMIT=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head}},
	{"a branch whose name would be an ancestor",
		"JENKINS_URL=https://ci.example/ CHANGE_ID=7 CHANGE_TARGET=x^{/leak} GIT_COMMIT=" + head, "",
		ci.Job{Kind: ci.Change, Label: "pull request", Tip: head}},
}

// environment is a system's, with its event in a file.
func environment(vars, event string) ci.Environment {
	set := make(map[string]string)
	for _, v := range strings.Fields(vars) {
		name, value, _ := strings.Cut(v, "=")
		set[name] = value
	}
	if event != "" {
		set["GITHUB_EVENT_PATH"] = "/event.json"
	}
	return ci.Environment{
		Get: func(name string) string { return set[name] },
		Read: func(name string) ([]byte, error) {
			if name != "/event.json" {
				return nil, fs.ErrNotExist
			}
			return []byte(event), nil
		},
	}
}

func TestDetect(t *testing.T) {
	for _, test := range jobs {
		t.Run(test.name, func(t *testing.T) {
			j, err := ci.Detect(environment(test.env, test.event))
			if err != nil {
				t.Fatal(err)
			}
			if system, _, ok := strings.Cut(test.name, ": "); ok && j.System.Name != system {
				t.Errorf("the system is %s", j.System.Name)
			}
			w := test.want
			if j.Kind != w.Kind || j.Label != w.Label || j.Tip != w.Tip || j.Merge != w.Merge || !slices.Equal(j.Starts, w.Starts) || j.Branch != w.Branch || j.Tag != w.Tag || j.Default != w.Default {
				t.Errorf("got  %+v\nwant %+v", *j, w)
			}
		})
	}
}

func TestDetectFaults(t *testing.T) {
	if _, err := ci.Detect(environment("CI=true HOME=/root", "")); !errors.Is(err, ci.ErrUnknown) {
		t.Errorf("no system: %v", err)
	}
	for name, event := range map[string]string{"no event": "", "half an event": `{"before":`, "not an event": `[]`} {
		if _, err := ci.Detect(environment("GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", event)); err == nil || !strings.Contains(err.Error(), "GITHUB_EVENT_PATH") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
