package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"
)

// pushIn is what each system of docs/ci.md says of a push, and what --ci then
// calls it.
var pushIn = map[string]string{
	"GitHub Actions":              "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_REF=refs/heads/main GITHUB_SHA=$after",
	"GitLab":                      "GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=$before CI_COMMIT_SHA=$after",
	"Bitbucket Pipelines":         "BITBUCKET_BUILD_NUMBER=1 BITBUCKET_BRANCH=main BITBUCKET_COMMIT=$after",
	"Azure Pipelines":             "TF_BUILD=True BUILD_REASON=IndividualCI BUILD_SOURCEBRANCH=refs/heads/main BUILD_SOURCEVERSION=$after KEYGUARD_DEFAULT_BRANCH=main",
	"CircleCI":                    "CIRCLECI=true CIRCLE_BRANCH=main CIRCLE_SHA1=$after KEYGUARD_BASE=$before",
	"Jenkins":                     "JENKINS_URL=https://ci.example/ BRANCH_NAME=main GIT_PREVIOUS_SUCCESSFUL_COMMIT=$before GIT_COMMIT=$after",
	"Buildkite":                   "BUILDKITE=true BUILDKITE_SOURCE=webhook BUILDKITE_PULL_REQUEST=false BUILDKITE_BRANCH=main BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_COMMIT=$after",
	"Travis CI":                   "TRAVIS=true TRAVIS_EVENT_TYPE=push TRAVIS_PULL_REQUEST=false TRAVIS_BRANCH=main TRAVIS_COMMIT_RANGE=$before...$after TRAVIS_COMMIT=$after",
	"Drone":                       "DRONE=true DRONE_BUILD_EVENT=push DRONE_BRANCH=main DRONE_REPO_BRANCH=main DRONE_COMMIT_BEFORE=$before DRONE_COMMIT_SHA=$after",
	"All of history, once a week": "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=schedule GITHUB_REF=refs/heads/main GITHUB_SHA=$after",
}

// leak is a script's beginning: a repository, and a push with a key.
const leak = `exec git init -q repo
cd repo
exec git add -A
exec git commit -qm first
cp ../key.env key.env
exec git add -A
exec git commit -qm leak
exec git update-ref refs/remotes/origin/main HEAD
id before HEAD~1
id after HEAD
event {"before":"$before","after":"$after","repository":{"default_branch":"main"}}
`

const leaked = `
-- repo/readme --
Nothing.
-- key.env --
AWS_ACCESS_KEY_ID={{akia#id}}
AWS_SECRET_ACCESS_KEY={{secret#secret}}
`

// Every recipe of docs/ci.md must be YAML, and each line of it that calls
// keyguard must find a key in a push, as its system would run it.
func TestRecipes(t *testing.T) {
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	fence := regexp.MustCompile("(?ms)^```(yaml|groovy)\n(.*?)^```$")
	line := regexp.MustCompile(`(?m)keyguard"? (scan [^'"\n]+)`)
	dir := t.TempDir()
	var scripts []string
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		name, _, _ := strings.Cut(section, "\n")
		var lines []string
		for _, m := range fence.FindAllStringSubmatch(section, -1) {
			if m[1] == "yaml" {
				if err := yaml.Unmarshal([]byte(m[2]), new(map[string]any)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			for _, l := range line.FindAllStringSubmatch(m[2], -1) {
				lines = append(lines, l[1])
			}
		}
		env, ok := pushIn[name]
		if ok != (len(lines) > 0) {
			t.Errorf("%s: %d lines that call keyguard, and an environment to run them in: %v", name, len(lines), ok)
		}
		if len(lines) == 0 {
			continue
		}
		script := leak
		for _, v := range strings.Fields(env) {
			script += "env " + v + "\n"
		}
		for _, l := range lines {
			script += "exits 1 keyguard " + l + "\nstdout '^key.env:2:23 '\nstderr 'keyguard: [A-Za-z]+ (push|scheduled run): scanning '\n"
		}
		file := filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(name)+".txtar")
		if err := os.WriteFile(file, []byte(script+leaked), 0o600); err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, file)
	}
	if len(scripts) != len(pushIn) {
		t.Errorf("%d recipes, and %d environments", len(scripts), len(pushIn))
	}
	params := scriptParams()
	params.Files = scripts
	testscript.Run(t, params)
}

// What docs/ci.md says of the pre-commit framework must be there.
func TestRecipesNameHooks(t *testing.T) {
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`- id: (\S+)`).FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(string(hooks), fmt.Sprintf("- id: %s\n", m[1])) {
			t.Errorf("there is no hook %s", m[1])
		}
	}
}
