package ci

// System is a continuous integration system.
type System struct {
	Name string
	// Deepen is what to change so that its clones are neither shallow nor partial.
	Deepen string
	// Annotates says that it reads GitHub's workflow commands from the log, and
	// shows the Markdown file that GITHUB_STEP_SUMMARY names.
	Annotates bool

	detect func(get func(string) string) bool
	job    func(Environment) (*Job, error)
}

// Systems returns the systems that Detect knows, in the order in which it asks.
// Jenkins is last: its agents pass their variables on to whatever they start.
func Systems() []System {
	return []System{
		{"GitHub", "give actions/checkout the input fetch-depth: 0, and no filter", true, is("GITHUB_ACTIONS", "true"), github},
		{"GitLab", `set the variable GIT_DEPTH: "0" for the job`, false, is("GITLAB_CI", "true"), of(gitlab)},
		{"Bitbucket", "set clone: depth: full in bitbucket-pipelines.yml, for all or for the step", false, has("BITBUCKET_BUILD_NUMBER"), of(bitbucket)},
		{"Azure", "begin the job's steps with checkout: self and fetchDepth: 0, and no fetchFilter", false, is("TF_BUILD", "True"), of(azure)},
		{"CircleCI", "give the checkout step method: full", false, is("CIRCLECI", "true"), of(circle)},
		{"Buildkite", "take --depth and --filter out of BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS", false, is("BUILDKITE", "true"), of(buildkite)},
		{"Travis", "set git: depth: false in .travis.yml", false, is("TRAVIS", "true"), of(travis)},
		{"Drone", "set clone: depth: 0 in .drone.yml, or leave it out", false, is("DRONE", "true"), of(drone)},
		{"Jenkins", "take shallow clone out of the job's clone behaviours, or say shallow: false in cloneOption", false, has("JENKINS_URL"), of(jenkins)},
	}
}

func is(name, value string) func(func(string) string) bool {
	return func(get func(string) string) bool { return get(name) == value }
}

func has(name string) func(func(string) string) bool {
	return func(get func(string) string) bool { return get(name) != "" }
}

// of adapts a system that tells all in variables.
func of(job func(get func(string) string) *Job) func(Environment) (*Job, error) {
	return func(env Environment) (*Job, error) { return job(env.Get), nil }
}
