package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// IgnoreName is the file with gitignore patterns of paths that are not scanned.
const IgnoreName = ".keyguardignore"

// Policy decides which files are scanned and which findings are reported.
type Policy struct {
	Config *config.Config
	Root   *Root
	Store  config.Store
	Ignore *source.Ignore
	Allow  allow.Policy
	Strict bool
	FailOn patterns.Severity // the lowest severity that fails a scan
	// InRoot returns the path that patterns match, or "" if no pattern can match.
	InRoot   func(path string) string
	WayOut   string            // the hint for archives that cannot be unpacked
	bypass   map[string]bool   // fingerprints that a push option allows
	Bypassed []scanner.Finding // findings that a push option allowed
	last     []LastFinding
}

// ReadPolicy reads the policy from the files that options and environment select. layer
// takes precedence over all files; it may be nil.
func ReadPolicy(ctx context.Context, a *cli.App, f Options, layer *config.File) (*Policy, error) {
	t, err := FindRoot()
	if err != nil {
		return nil, err
	}
	p := &Policy{Root: t, Store: t, Strict: f.Strict, InRoot: func(path string) string { return path }, WayOut: ExcludeHint}
	switch {
	case f.From != "":
		if p.Store, err = t.commit(ctx, f.From); err != nil {
			return nil, err
		}
	case f.Planned:
		p.Store = emptyStore{}
	}
	sources, err := configSources(a, f, p)
	if err != nil {
		return nil, err
	}
	if err := p.load(sources, layer); err != nil {
		return nil, err
	}
	if f.NoBaseline {
		p.Allow.Baseline = allow.NewBaseline("")
		return p, nil
	}
	return p, p.readBaseline(f.Baseline)
}

// load reads the configuration and the ignore file.
func (p *Policy) load(sources []config.Source, layer *config.File) (err error) {
	if p.Config, err = config.Load(sources, layer); err != nil {
		return cli.WithHint(err, configHint(err))
	}
	if err := p.readIgnore(); err != nil {
		return err
	}
	for i := range p.Config.Allow {
		if e := &p.Config.Allow[i]; e.Paths != nil {
			e.Paths = placed{e.Paths, p}
		}
	}
	if p.Config.Inline.Except != nil {
		p.Config.Inline.Except = placed{p.Config.Inline.Except, p}
	}
	if p.Config.FailOn != nil {
		p.FailOn = *p.Config.FailOn
	}
	p.Allow = allow.Policy{Excluded: placed{p.Ignore, p}, Inline: p.Config.Inline, List: allow.NewList(p.Config.Allow, time.Now())}
	return nil
}

// configHint returns the hint for an invalid configuration. Entries that two branches
// added usually share their first line, and a merge keeps one of them.
func configHint(err error) string {
	if errors.Is(err, ErrOutside) || errors.Is(err, ErrDangling) || errors.Is(err, errNotFile) || errors.Is(err, fs.ErrPermission) {
		return cli.Hint(err)
	}
	text := err.Error()
	for _, sign := range []string{"<<<<<<<", "=======", ">>>>>>>", "'allow.fingerprints' has already been defined"} {
		if strings.Contains(text, sign) {
			return "a merge left this? Keep the entries of both sides, each below an [[allow]] of its own"
		}
	}
	return "see keyguard config init for all options, or use keyguard config schema in an editor"
}

// configSources returns the configuration files, the last of which takes precedence: the
// user's, then the project's or the one that a flag or the environment names.
func configSources(a *cli.App, f Options, p *Policy) ([]config.Source, error) {
	var out []config.Source
	if f.ForbidMarks {
		out = append(out, forCI())
	}
	if user := UserConfig(a); user != "" {
		out = append(out, config.Source{Store: Disk{}, Name: user, Optional: true})
	}
	name := f.Config
	if name == "" {
		name = a.Env("KEYGUARD_CONFIG")
	}
	if name == "" {
		return append(out, config.Source{Store: p.Store, Name: config.Name, Optional: true}), nil
	}
	store, name, err := p.Named(name)
	return append(out, config.Source{Store: store, Name: name}), err
}

// Named returns the store of a file that the user named, and its name there. Names are
// relative to the current directory, or to the commit of --config-from.
func (p *Policy) Named(name string) (config.Store, string, error) {
	if p.Store != config.Store(p.Root) {
		return p.Store, filepath.ToSlash(name), nil
	}
	abs, err := filepath.Abs(name)
	return namedStore{p.Root}, filepath.ToSlash(abs), err
}

// UserConfig returns the path of the user's own configuration.
func UserConfig(a *cli.App) string {
	dir := a.Env("XDG_CONFIG_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.ToSlash(filepath.Join(dir, "keyguard", "config.toml"))
}

// MaxIgnore is the maximum size of an ignore file in bytes.
const MaxIgnore = 1 << 20

func (p *Policy) readIgnore() error {
	text, err := p.Store.Read(IgnoreName, MaxIgnore)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", p.Store.Label(IgnoreName), err)
	}
	file, err := source.ParseIgnore(p.Store.Label(IgnoreName), text)
	p.Ignore = source.Join(file, p.Config.Exclude)
	return err
}

// readBaseline reads the baseline. A missing one is an error only if the user named it.
func (p *Policy) readBaseline(name string) (err error) {
	named, store := name != "", p.Store
	if !named {
		name = allow.BaselineName
	} else if store, name, err = p.Named(name); err != nil {
		return err
	}
	label := store.Label(name)
	data, err := store.Read(name, allow.MaxBaseline)
	switch {
	case errors.Is(err, fs.ErrNotExist) && named:
		return cli.WithHint(fmt.Errorf("read the baseline %s: %w", label, err), "create it with keyguard baseline write")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read the baseline %s: %w", label, err)
	}
	if p.Allow.Baseline, err = allow.ParseBaseline(label, data); err != nil {
		return cli.WithHint(err, "fix that line, or replace the baseline with keyguard baseline write")
	}
	return nil
}

// placed matches patterns against paths from the root.
type placed struct {
	paths allow.Paths
	p     *Policy
}

func (q placed) Match(path string) (string, bool) { return q.paths.Match(q.p.InRoot(path)) }

// Skip returns the reason why a file is not scanned, or "".
func (p *Policy) Skip(path string) string {
	if place, ok := p.Ignore.Match(p.InRoot(path)); ok {
		return "excluded by " + place
	}
	return ""
}

// Options select the files of a policy and add to them.
type Options struct {
	Config, Baseline, From   string
	Exclude, Enable, Disable []string
	Only                     []string
	Profile                  string
	MaxFileSize              config.Size
	NoInline, Strict         bool
	FailOn, MinSeverity      *patterns.Severity // nil: as configured
	NoBaseline               bool
	Planned, ForbidMarks     bool // by --ci
}

// ExcludeHint is the hint that excludes a path from all scans of a repository.
const ExcludeHint = "list it in " + IgnoreName + ", or in exclude below [scan] of " + config.Name
