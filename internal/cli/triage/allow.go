package triage

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/report"
)

// AllowOptions are the options of keyguard allow.
type AllowOptions struct {
	Last, All               bool
	Reason, Expires, Config string
}

// Allow adds an entry to the configuration for each selected finding.
func Allow(a *cli.App, f AllowOptions, args []string) error {
	switch {
	case strings.TrimSpace(f.Reason) == "":
		return cli.Usage("allow", "--reason is required")
	case f.Last == (len(args) > 0):
		return cli.Usage("allow", "either fingerprints or --last is required")
	case f.All && !f.Last:
		return cli.Usage("allow", "--all requires --last")
	}
	var expires *config.Date
	if f.Expires != "" {
		date, err := config.ParseDate(f.Expires)
		if err != nil {
			return cli.Usage("allow", "--expires: %v", err)
		}
		expires = &date
	}
	t, err := project.FindRoot()
	if err != nil {
		return err
	}
	chosen, err := f.chosen(t.ReadLast(), args)
	if err != nil {
		return err
	}
	store, name, err := configFile(a, f.Config, t)
	if err != nil {
		return err
	}
	for _, fingerprint := range chosen {
		if err := addEntry(a, t, store, name, fingerprint, f.Reason, expires); err != nil {
			return err
		}
	}
	return nil
}

// configFile returns the configuration file that receives the entry.
func configFile(a *cli.App, flag string, t *project.Root) (config.Store, string, error) {
	if flag == "" {
		flag = a.Env("KEYGUARD_CONFIG")
	}
	if flag == "" {
		return t, config.Name, nil
	}
	return (&project.Policy{Root: t, Store: t}).Named(flag)
}

func addEntry(a *cli.App, t *project.Root, store config.Store, file, fingerprint, reason string, expires *config.Date) error {
	label, name := store.Label(file), t.Path(file)
	text, err := store.Read(file, config.MaxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", label, err)
	}
	if strings.Contains(string(text), fingerprint) {
		fmt.Fprintf(a.Out, "keyguard: %s is already allowed in %s\n", fingerprint, report.Printable(label))
		return nil
	}
	out, err := config.AddFingerprint(label, text, fingerprint, reason, expires)
	if err != nil {
		return cli.WithHint(err, "run keyguard config check")
	}
	if err := cli.WriteFile(name, out); err != nil {
		return err
	}
	fromHere := name // git reads it from the current directory
	if rel, err := filepath.Rel(t.Cwd, name); err == nil {
		fromHere = filepath.ToSlash(rel)
	}
	fmt.Fprintf(a.Out, "keyguard: added %s to %s\nkeyguard: next: git add %s\n", fingerprint, report.Printable(label), report.Printable(fromHere))
	return nil
}

// chosen returns the fingerprints that the options and arguments select.
func (f *AllowOptions) chosen(last []project.LastFinding, args []string) ([]string, error) {
	if f.Last {
		return f.ofLast(last)
	}
	var out []string
	for _, arg := range args {
		arg = strings.ToLower(arg)
		if allow.IsFingerprint(arg) {
			out = append(out, arg)
			continue
		}
		match := slices.DeleteFunc(slices.Clone(last), func(l project.LastFinding) bool { return !strings.HasPrefix(l.Fingerprint, arg) })
		if len(match) != 1 || len(arg) < 6 {
			return nil, cli.WithHint(fmt.Errorf("%q is not a fingerprint or a prefix of one from the last scan", arg), "keyguard scan --why shows fingerprints")
		}
		out = append(out, match[0].Fingerprint)
	}
	return out, nil
}

func (f *AllowOptions) ofLast(last []project.LastFinding) ([]string, error) {
	var out []string
	var list strings.Builder
	for _, l := range last {
		if !slices.Contains(out, l.Fingerprint) {
			out = append(out, l.Fingerprint)
			fmt.Fprintf(&list, "\n  %s %s %s", l.Fingerprint, l.Rule, l.Path)
		}
	}
	switch {
	case len(out) == 0:
		return nil, cli.WithHint(errors.New("no findings recorded from a previous scan of this repository"), "run keyguard scan first")
	case len(out) > 1 && !f.All:
		return nil, cli.WithHint(fmt.Errorf("the last scan found %d credentials:%s", len(out), list.String()), "name one by its fingerprint, or allow them all: keyguard allow --last --all --reason …")
	}
	return out, nil
}
