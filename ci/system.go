package ci

// System is a continuous integration system.
type System struct {
	Name string
	// DepthHint is the change that makes its clones neither shallow nor partial.
	DepthHint string
	// Annotates is whether the system reads GitHub's workflow commands from the log and
	// displays the Markdown file that GITHUB_STEP_SUMMARY names.
	Annotates bool

	detect func(get func(string) string) bool
	job    func(Environment) (*Job, error)
}

// Systems returns the systems that Detect recognizes, in the order of detection. Jenkins
// is last, because programs that its agents start inherit their variables.
func Systems() []System {
	return []System{
		{"GitHub", "give actions/checkout the input fetch-depth: 0, and no filter", true, equals("GITHUB_ACTIONS", "true"), github},
		{"GitLab", `set the variable GIT_DEPTH: "0" for the job`, false, equals("GITLAB_CI", "true"), fromVariables(gitlab)},
		{"Bitbucket", "set clone: depth: full in bitbucket-pipelines.yml, for all or for the step", false, isSet("BITBUCKET_BUILD_NUMBER"), fromVariables(bitbucket)},
		{"Azure", "begin the job's steps with checkout: self and fetchDepth: 0, and no fetchFilter", false, equals("TF_BUILD", "True"), fromVariables(azure)},
		{"CircleCI", "give the checkout step method: full", false, equals("CIRCLECI", "true"), fromVariables(circle)},
		{"Buildkite", "remove --depth and --filter from BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS", false, equals("BUILDKITE", "true"), fromVariables(buildkite)},
		{"Travis", "set git: depth: false in .travis.yml", false, equals("TRAVIS", "true"), fromVariables(travis)},
		{"Drone", "set clone: depth: 0 in .drone.yml, or remove the setting", false, equals("DRONE", "true"), fromVariables(drone)},
		{"Jenkins", "remove shallow clone from the job's clone behaviors, or set shallow: false in cloneOption", false, isSet("JENKINS_URL"), fromVariables(jenkins)},
	}
}

func equals(name, value string) func(func(string) string) bool {
	return func(get func(string) string) bool { return get(name) == value }
}

func isSet(name string) func(func(string) string) bool {
	return func(get func(string) string) bool { return get(name) != "" }
}

// fromVariables adapts a system that needs only variables.
func fromVariables(job func(get func(string) string) *Job) func(Environment) (*Job, error) {
	return func(env Environment) (*Job, error) { return job(env.Get), nil }
}
