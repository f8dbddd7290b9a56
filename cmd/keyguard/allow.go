package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/report"
)

// allowFlags are what `keyguard allow` can be told.
type allowFlags struct {
	last, all               bool
	reason, expires, config string
}

func (a *app) allowCommand() *cobra.Command {
	var f allowFlags
	cmd := &cobra.Command{
		Use:   "allow [FINGERPRINT…]",
		Short: "Write an entry that allows a finding, by what it is and not by where",
		Long: `Allow adds an entry to ` + config.Name + ` at the top of the repository. The entry names
the credential by its fingerprint, which reports show with --why: wherever the
credential moves it stays allowed, and another one in its place is reported.

With --last it is the finding of the last scan in this repository, or all of
them with --all; a fingerprint may then be given by its first digits.`,
		Example: `  keyguard allow --last --reason 'made up for the tests'
  keyguard allow 5099440eeabf14c7d1bf029d5c8127ba --reason 'rotated' --expires 2027-01-31`,
		RunE: func(_ *cobra.Command, args []string) error { return a.allow(f, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.last, "last", false, "allow what the last scan found")
	flags.BoolVar(&f.all, "all", false, "with --last: allow all of it, if it is more than one finding")
	flags.StringVar(&f.reason, "reason", "", "why it is fine; required")
	flags.StringVar(&f.expires, "expires", "", "the last day on which the entry counts: 2027-01-31")
	flags.StringVarP(&f.config, "config", "c", "", "configuration to write to, in place of "+config.Name)
	return cmd
}

func (a *app) allow(f allowFlags, args []string) error {
	switch {
	case strings.TrimSpace(f.reason) == "":
		return usage("allow", "--reason is missing: an entry without one helps nobody")
	case f.last == (len(args) > 0):
		return usage("allow", "give either fingerprints or --last")
	case f.all && !f.last:
		return usage("allow", "--all goes with --last")
	}
	var expires *config.Date
	if f.expires != "" {
		date, err := config.ParseDate(f.expires)
		if err != nil {
			return usage("allow", "--expires: %v", err)
		}
		expires = &date
	}
	t, err := findTop()
	if err != nil {
		return err
	}
	chosen, err := f.chosen(t.readLast(), args)
	if err != nil {
		return err
	}
	store, name, err := a.ownConfig(f.config, t)
	if err != nil {
		return err
	}
	for _, fingerprint := range chosen {
		if err := a.addEntry(t, store, name, fingerprint, f.reason, expires); err != nil {
			return err
		}
	}
	return nil
}

// ownConfig returns the configuration file to write to.
func (a *app) ownConfig(flag string, t *top) (config.Store, string, error) {
	if flag == "" {
		flag = a.env("KEYGUARD_CONFIG")
	}
	if flag == "" {
		return t, config.Name, nil
	}
	return (&policy{top: t, store: t}).named(flag)
}

func (a *app) addEntry(t *top, store config.Store, file, fingerprint, reason string, expires *config.Date) error {
	label, name := store.Label(file), t.path(file)
	text, err := store.Read(file, config.MaxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", label, err)
	}
	if strings.Contains(string(text), fingerprint) {
		fmt.Fprintf(a.out, "keyguard: %s already names %s\n", report.Printable(label), fingerprint)
		return nil
	}
	out, err := config.AddFingerprint(label, text, fingerprint, reason, expires)
	if err != nil {
		return &hinted{err, "keyguard config check tells what is wrong with a configuration"}
	}
	if err := writeFile(name, out); err != nil {
		return err
	}
	fromHere := name // git takes it from where the command is typed
	if rel, err := filepath.Rel(t.here, name); err == nil {
		fromHere = filepath.ToSlash(rel)
	}
	fmt.Fprintf(a.out, "keyguard: %s allows %s; commit it too: git add %s\n", report.Printable(label), fingerprint, report.Printable(fromHere))
	return nil
}

// chosen returns the fingerprints that are meant.
func (f *allowFlags) chosen(last []lastFinding, args []string) ([]string, error) {
	if f.last {
		return f.ofLast(last)
	}
	var out []string
	for _, arg := range args {
		arg = strings.ToLower(arg)
		if allow.IsFingerprint(arg) {
			out = append(out, arg)
			continue
		}
		match := slices.DeleteFunc(slices.Clone(last), func(l lastFinding) bool { return !strings.HasPrefix(l.fingerprint, arg) })
		if len(match) != 1 || len(arg) < 6 {
			return nil, &hinted{fmt.Errorf("%q is no fingerprint, and begins none that the last scan found", arg), "keyguard scan --why shows fingerprints"}
		}
		out = append(out, match[0].fingerprint)
	}
	return out, nil
}

func (f *allowFlags) ofLast(last []lastFinding) ([]string, error) {
	var out []string
	var list strings.Builder
	for _, l := range last {
		if !slices.Contains(out, l.fingerprint) {
			out = append(out, l.fingerprint)
			fmt.Fprintf(&list, "\n  %s %s %s", l.fingerprint, l.rule, l.path)
		}
	}
	switch {
	case len(out) == 0:
		return nil, &hinted{errors.New("the last scan here found nothing, or there was none"), "run keyguard scan first"}
	case len(out) > 1 && !f.all:
		return nil, &hinted{fmt.Errorf("the last scan found %d credentials:%s", len(out), list.String()), "name one by its fingerprint, or allow them all: keyguard allow --last --all --reason …"}
	}
	return out, nil
}
