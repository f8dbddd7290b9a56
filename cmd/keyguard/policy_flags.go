package main

import (
	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/report"
)

// policyFlags say what a team says, in place of its files or beside them.
type policyFlags struct {
	config, baseline, from   string
	exclude, enable, disable []string
	maxFileSize              config.Size
	noInline, strict         bool
	noBaseline               bool
	planned, forbidMarks     bool // by --ci
}

// files registers the flags that name files.
func (f *policyFlags) files(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVarP(&f.config, "config", "c", "", "configuration in place of "+config.Name)
	flags.StringVarP(&f.baseline, "baseline", "b", "", "baseline in place of "+allow.BaselineName)
}

// commit registers the flag that names a commit which has the files.
func (f *policyFlags) commit(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.from, "config-from", "", "read configuration, ignores and baseline from this commit, not from the work tree")
}

func (f *policyFlags) register(cmd *cobra.Command) {
	f.files(cmd)
	f.commit(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.exclude, "exclude", nil, "paths not to scan, a pattern in gitignore syntax")
	flags.StringSliceVar(&f.disable, "disable-rule", nil, "rules that do not apply, by id")
	flags.StringSliceVar(&f.enable, "enable-rule", nil, "rules that apply though the configuration disables them")
	flags.Var(&f.maxFileSize, "max-file-size", "skip files of the work tree larger than this, such as 10MB; 0: none")
	flags.BoolVar(&f.noInline, "no-inline", false, "let no keyguard:allow in a file count")
	flags.BoolVar(&f.strict, "strict-allow", false, "exit with 2 if an allowance has expired or allows nothing: an entry of the allowlist or baseline, or a mark in a file")
}

// layer returns the flags as a configuration that wins over all files.
func (f *scanFlags) layer() *config.File {
	p := &f.policy
	layer := &config.File{Scan: config.Scan{Exclude: p.exclude}, Rules: config.Rules{Enable: p.enable, Disable: p.disable}}
	if p.noInline {
		layer.Inline.Marks = new(bool)
	}
	if p.maxFileSize > 0 {
		layer.Scan.MaxFileSize = &p.maxFileSize
	}
	if f.jobs > 0 {
		layer.Scan.Jobs = &f.jobs
	}
	if f.timeout > 0 {
		layer.Scan.Timeout = &config.Duration{Duration: f.timeout}
	}
	return layer
}

// listIt is how to leave out a path for all scans of a repository.
const listIt = "list it in " + ignoreName + ", or in exclude below [scan] of " + config.Name

// wayOut returns what to do about an archive that cannot be unpacked, where this scan
// runs.
func (f *scanFlags) wayOut() string {
	switch {
	case f.target() == targetStdin, f.target() == targetMessage:
		return "unpack it and scan its members"
	case f.report.Hook == report.CommitHook:
		return listIt + "; to commit once without a check: git commit --no-verify"
	case f.report.Hook == report.PushHook:
		return listIt + "; to push once without a check: git push --no-verify"
	case f.policy.planned, f.policy.from != "":
		return "use --exclude, or " + listIt + " in an earlier change: the configuration of the commit where this scan starts counts"
	}
	return "unpack it and scan its members; to leave it out, use --exclude PATTERN, or " + listIt
}
