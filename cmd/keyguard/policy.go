package main

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
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// ignoreName is the file with paths that no scan reads.
const ignoreName = ".keyguardignore"

// policy is what a team says about findings.
type policy struct {
	config *config.Config
	top    *top
	store  config.Store
	ignore *source.Ignore
	allow  allow.Policy
	strict bool
	// inTop returns a finding's path as patterns see it; "" if none applies.
	inTop  func(path string) string
	wayOut string            // what to do about an archive that cannot be unpacked
	bypass map[string]bool   // fingerprints that a push option lets through
	passed []scanner.Finding // those it did
	last   []lastFinding
}

// policy reads what the flags, the environment and the files say. layer wins
// over all; it may be nil.
func (a *app) policy(ctx context.Context, f policyFlags, layer *config.File) (*policy, error) {
	t, err := findTop()
	if err != nil {
		return nil, err
	}
	p := &policy{top: t, store: t, strict: f.strict, inTop: func(path string) string { return path }, wayOut: listIt}
	switch {
	case f.from != "":
		if p.store, err = t.commit(ctx, f.from); err != nil {
			return nil, err
		}
	case f.planned:
		p.store = bare{}
	}
	sources, err := a.sources(f, p)
	if err != nil {
		return nil, err
	}
	if err := p.load(sources, layer); err != nil {
		return nil, err
	}
	if f.noBaseline {
		p.allow.Baseline = allow.NewBaseline("")
		return p, nil
	}
	return p, p.readBaseline(f.baseline)
}

// load reads the configuration and the ignore file.
func (p *policy) load(sources []config.Source, layer *config.File) (err error) {
	if p.config, err = config.Load(sources, layer); err != nil {
		return &hinted{err, configHint(err)}
	}
	if err := p.readIgnore(); err != nil {
		return err
	}
	for i := range p.config.Allow {
		if e := &p.config.Allow[i]; e.Paths != nil {
			e.Paths = placed{e.Paths, p}
		}
	}
	if p.config.Inline.Except != nil {
		p.config.Inline.Except = placed{p.config.Inline.Except, p}
	}
	p.allow = allow.Policy{Excluded: placed{p.ignore, p}, Inline: p.config.Inline, List: allow.NewList(p.config.Allow, time.Now())}
	return nil
}

// configHint tells what to do about a configuration that is wrong. Entries that two
// branches added mostly share their first line, of which git's merge keeps one.
func configHint(err error) string {
	if errors.Is(err, errOutside) || errors.Is(err, errDangling) || errors.Is(err, errNotFile) || errors.Is(err, fs.ErrPermission) {
		return hint(err)
	}
	text := err.Error()
	for _, sign := range []string{"<<<<<<<", "=======", ">>>>>>>", "'allow.fingerprints' has already been defined"} {
		if strings.Contains(text, sign) {
			return "a merge left this? Keep the entries of both sides, each below an [[allow]] of its own"
		}
	}
	return "keyguard config init shows what there is to say, keyguard config schema tells it to editors"
}

// sources returns the configuration files, those that win last: the user's,
// then the project's, which a flag or the environment may name.
func (a *app) sources(f policyFlags, p *policy) ([]config.Source, error) {
	var out []config.Source
	if f.forbidMarks {
		out = append(out, forCI())
	}
	if user := a.userConfig(); user != "" {
		out = append(out, config.Source{Store: disk{}, Name: user, Optional: true})
	}
	name := f.config
	if name == "" {
		name = a.env("KEYGUARD_CONFIG")
	}
	if name == "" {
		return append(out, config.Source{Store: p.store, Name: config.Name, Optional: true}), nil
	}
	store, name, err := p.named(name)
	return append(out, config.Source{Store: store, Name: name}), err
}

// named returns where to read a file that the user named: from the current folder, or
// from the commit that the policy is read from.
func (p *policy) named(name string) (config.Store, string, error) {
	if p.store != config.Store(p.top) {
		return p.store, filepath.ToSlash(name), nil
	}
	abs, err := filepath.Abs(name)
	return typed{p.top}, filepath.ToSlash(abs), err
}

// userConfig is where the user's own configuration would be.
func (a *app) userConfig() string {
	dir := a.env("XDG_CONFIG_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.ToSlash(filepath.Join(dir, "keyguard", "config.toml"))
}

const maxIgnore = 1 << 20 // bytes

func (p *policy) readIgnore() error {
	text, err := p.store.Read(ignoreName, maxIgnore)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", p.store.Label(ignoreName), err)
	}
	file, err := source.ParseIgnore(p.store.Label(ignoreName), text)
	p.ignore = source.Join(file, p.config.Exclude)
	return err
}

// readBaseline reads the baseline, which must be there only if it is named.
func (p *policy) readBaseline(name string) (err error) {
	named, store := name != "", p.store
	if !named {
		name = allow.BaselineName
	} else if store, name, err = p.named(name); err != nil {
		return err
	}
	label := store.Label(name)
	data, err := store.Read(name, allow.MaxBaseline)
	switch {
	case errors.Is(err, fs.ErrNotExist) && named:
		return &hinted{fmt.Errorf("read the baseline %s: %w", label, err), "keyguard baseline write makes one"}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read the baseline %s: %w", label, err)
	}
	if p.allow.Baseline, err = allow.ParseBaseline(label, data); err != nil {
		return &hinted{err, "mend that line, or make the baseline anew: keyguard baseline write"}
	}
	return nil
}

// placed tries patterns on paths as they are seen from the top.
type placed struct {
	paths allow.Paths
	p     *policy
}

func (q placed) Match(path string) (string, bool) { return q.paths.Match(q.p.inTop(path)) }

// skip returns why a file is not scanned, or "".
func (p *policy) skip(path string) string {
	if place, ok := p.ignore.Match(p.inTop(path)); ok {
		return "excluded by " + place
	}
	return ""
}

// scanPolicy returns the policy of a scan.
func (a *app) scanPolicy(ctx context.Context, f *scanFlags) (*policy, error) {
	p, err := a.policy(ctx, f.policy, f.layer())
	if err != nil {
		return nil, err
	}
	p.wayOut = f.wayOut()
	switch f.target() {
	case targetStdin, targetMessage:
		p.inTop = func(string) string { return "" }
	case targetFiles:
		p.inTop = p.top.relative
	default: // paths from the top
	}
	return p, nil
}
