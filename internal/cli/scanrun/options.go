package scanrun

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/keyguard/keyguard/ci"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// HistoryOptions select a part of history.
type HistoryOptions struct {
	All           bool
	Revisions     CommitRange
	Since         string
	Branches      []string
	ReachableOnly bool
	planned       []string // by --ci, for git rev-list
	NoProgress    bool
	// Exact, if not nil, returns the arguments of git rev-list. It replaces all other
	// options.
	Exact func(context.Context, *gitrepo.Repo) ([]string, error)
}

// CommitRange is the value of --range.
type CommitRange string

// Set implements pflag.Value. A range without a start is usually an unset variable: git
// would replace it with HEAD and find nothing to scan.
func (c *CommitRange) Set(s string) error {
	if s == "" || strings.HasPrefix(s, "..") {
		return errors.New("the start is missing: A..B")
	}
	if !strings.Contains(s, "..") {
		return errors.New("not a range: A..B")
	}
	*c = CommitRange(s)
	return nil
}

// String implements pflag.Value.
func (c *CommitRange) String() string { return string(*c) }

// Type implements pflag.Value.
func (c *CommitRange) Type() string { return "A..B" }

func (f *HistoryOptions) on() bool {
	return f.All || f.Revisions != "" || f.planned != nil || f.Exact != nil
}

func (f *HistoryOptions) check() error {
	if !f.All && (f.Since != "" || len(f.Branches) > 0 || f.ReachableOnly) {
		return cli.Usage("scan", "--since, --branch and --reachable-only go with --history")
	}
	for _, rev := range append([]string{string(f.Revisions), f.Since}, f.Branches...) {
		if strings.HasPrefix(rev, "-") {
			return cli.Usage("scan", "%q is not a revision", rev)
		}
	}
	for _, rev := range append([]string{f.Since}, f.Branches...) {
		if strings.Contains(rev, "..") || strings.HasPrefix(rev, "^") {
			return cli.Usage("scan", "%q is not one revision; for a range, use --range A..B", rev)
		}
	}
	return nil
}

// readPolicy returns the policy of a scan.
func readPolicy(ctx context.Context, a *cli.App, f *Options) (*project.Policy, error) {
	p, err := project.ReadPolicy(ctx, a, f.Policy, f.layer())
	if err != nil {
		return nil, err
	}
	if p.Config.FailOn == nil {
		p.FailOn = f.FailOn
	}
	f.Report.FailOn = p.FailOn
	p.WayOut = f.wayOut()
	switch f.target().paths {
	case noPath:
		p.InRoot = func(string) string { return "" }
	case fromCwd:
		p.InRoot = p.Root.Relative
	case fromRoot:
	}
	return p, nil
}

// layer returns the options as a configuration that takes precedence over all files.
func (f *Options) layer() *config.File {
	p := &f.Policy
	layer := &config.File{Scan: config.Scan{Exclude: p.Exclude}, Rules: config.Rules{Enable: p.Enable, Disable: p.Disable, Only: p.Only}}
	if p.Profile != "" {
		layer.Rules.Profile = &p.Profile
	}
	layer.Scan.FailOn, layer.Scan.MinSeverity = p.FailOn, p.MinSeverity
	if p.NoInline {
		layer.Inline.Marks = new(bool)
	}
	if p.MaxFileSize > 0 {
		layer.Scan.MaxFileSize = &p.MaxFileSize
	}
	if f.Jobs > 0 {
		layer.Scan.Jobs = &f.Jobs
	}
	if f.Timeout > 0 {
		layer.Scan.Timeout = &config.Duration{Duration: f.Timeout}
	}
	return layer
}

// wayOut returns the hint for archives that cannot be unpacked.
func (f *Options) wayOut() string {
	switch {
	case f.target().paths == noPath:
		return "unpack it and scan its members"
	case f.Report.Hook == report.CommitHook:
		return project.ExcludeHint + "; to commit once without a check: git commit --no-verify"
	case f.Report.Hook == report.PushHook:
		return project.ExcludeHint + "; to push once without a check: git push --no-verify"
	case f.Policy.Planned, f.Policy.From != "":
		return "use --exclude, or " + project.ExcludeHint + " in an earlier change: the configuration of the commit where this scan starts counts"
	}
	return "unpack it and scan its members; to leave it out, use --exclude PATTERN, or " + project.ExcludeHint
}

// ReportOptions select reports, their files and their form.
type ReportOptions struct {
	Formats, Files []string // in the order of the command line, in pairs
	Color          string
	NoColor        bool
	Report         report.Options
}

// Options are the options of a scan.
type Options struct {
	Paths         []string // the arguments
	Staged, Patch bool
	CI            bool
	History       HistoryOptions
	Policy        project.Options
	ExitZero      bool
	Jobs          int
	Timeout       time.Duration
	ReportOptions

	// The following have no flag.
	Dir     string         // the base of relative paths; empty: the current directory
	Message scanner.Source // the message of a commit
	// FailOn is the lowest severity that fails the scan if none is configured.
	FailOn patterns.Severity
	plan   *ci.Plan // if CI is set
}

// check returns an error if options cannot be used together.
func (f *Options) check() error {
	name, takesPaths := f.target().name, f.target().takesPaths
	if f.CI {
		name, takesPaths = "a CI run", false
	}
	if len(f.Paths) > 0 && !takesPaths {
		return cli.Usage("scan", "a scan of %s takes no paths: %s", name, f.Paths[0])
	}
	return f.History.check()
}
