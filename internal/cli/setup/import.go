package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/config/peer"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/triage"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// Importer converts the configurations of other scanners.
type Importer struct {
	App     *cli.App
	Write   bool
	top     *project.Root
	repo    *gitrepo.Repo // nil outside of a repository
	scanner *scanner.Scanner
}

// maxImport is the maximum size of an imported file in bytes.
const maxImport = 64 << 20

// Run imports files and prints a summary.
func (i *Importer) Run(ctx context.Context, args []string) error {
	p, err := project.ReadPolicy(ctx, i.App, project.Options{}, nil)
	if err != nil {
		return err
	}
	i.top, i.scanner = p.Root, scanner.New(p.Config.Set, scanner.Options{})
	if i.repo, err = gitrepo.Open(ctx, i.top.Dir); err == nil {
		defer func() { _ = i.repo.Close() }()
	} else if !errors.Is(err, gitrepo.ErrNotRepo) && !errors.Is(err, gitrepo.ErrNoGit) {
		return err
	}
	results, err := i.read(ctx, args)
	if errors.Is(err, project.ErrOutside) || errors.Is(err, project.ErrDangling) {
		return err
	}
	if err != nil {
		return cli.WithHint(err, "name files of gitleaks, git-secrets or detect-secrets: keyguard config import FILE")
	}
	var text strings.Builder
	for _, r := range results {
		if t := r.TOML(); t != "" {
			fmt.Fprintf(&text, "\n# From %s.\n%s", r.From, t)
		}
	}
	if err := i.put(p, text.String(), results); err != nil {
		return err
	}
	i.printLosses(results)
	return nil
}

// read imports the named files, or the known ones at the root.
func (i *Importer) read(ctx context.Context, args []string) ([]*peer.Result, error) {
	named, store := len(args) > 0, config.Store(project.Disk{})
	if !named {
		store, args = i.top, []string{".gitleaks.toml", ".gitleaksignore", ".gitallowed", ".secrets.baseline"}
	}
	var out []*peer.Result
	for _, name := range args {
		data, err := store.Read(name, maxImport)
		if !named && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		r, err := i.parse(name, bytes.TrimPrefix(data, []byte("\ufeff")), i.lookup(ctx))
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if i.repo != nil && !named {
		settings, err := i.repo.Settings(ctx, "secrets")
		if err != nil {
			return nil, err
		}
		if len(settings) > 0 {
			r, err := peer.GitSecrets("git config secrets", settings)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("nothing to import")
	}
	return out, nil
}

// parse selects the format by the file's name.
func (i *Importer) parse(name string, data []byte, look peer.Lookup) (*peer.Result, error) {
	base := filepath.Base(name)
	switch {
	case strings.Contains(base, "gitleaksignore"):
		return peer.GitleaksIgnore(base, data, look)
	case strings.HasSuffix(base, ".toml"):
		return peer.Gitleaks(base, data)
	case strings.Contains(base, "gitallowed"):
		return peer.GitAllowed(base, data)
	case strings.HasSuffix(base, ".baseline"), strings.HasSuffix(base, ".json"):
		return peer.DetectSecrets(base, data, look)
	}
	return nil, fmt.Errorf("%s: unknown format for this name", name)
}

// lookup returns a function that finds the credentials in a file.
func (i *Importer) lookup(ctx context.Context) peer.Lookup {
	return func(commit, path string) ([]scanner.Finding, error) { return i.look(ctx, commit, path) }
}

// look returns the findings in a file of a commit or of the working tree.
func (i *Importer) look(ctx context.Context, commit, path string) ([]scanner.Finding, error) {
	var store config.Store = i.top
	if commit != "" {
		if i.repo == nil {
			return nil, errors.New("not in a repository")
		}
		c, err := i.repo.Commit(ctx, commit)
		if err != nil {
			return nil, err
		}
		store = c
	}
	data, err := store.Read(filepath.ToSlash(filepath.Clean(path)), maxImport)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s no longer exists", path)
	}
	if err != nil {
		return nil, err
	}
	found := i.scanner.ScanBytes(data)
	for k := range found {
		found[k].Origin.Path = path
	}
	return found, nil
}

// put prints the configuration, or writes it and the baseline.
func (i *Importer) put(p *project.Policy, text string, results []*peer.Result) error {
	if !i.Write {
		_, err := fmt.Fprint(i.App.Out, text)
		return err
	}
	if text != "" {
		old, err := i.top.Read(config.Name, config.MaxFile)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if _, err := config.Parse(config.Name, []byte(string(old)+text)); err != nil {
			return cli.WithHint(err, "run the import without --write, and add the valid entries manually")
		}
		if err := cli.WriteFile(i.top.Path(config.Name), []byte(strings.TrimPrefix(string(old)+text, "\n"))); err != nil {
			return err
		}
		fmt.Fprintf(i.App.Out, "keyguard: wrote %s\n", config.Name)
	}
	known := 0
	for _, r := range results {
		for k := range r.Known {
			p.Allow.Baseline.Add(&r.Known[k].Finding)
			if e := p.Allow.Baseline.Match(&r.Known[k].Finding); e.Label == allow.Unaudited {
				e.Label = r.Known[k].Label
			}
			known++
		}
	}
	if known == 0 {
		return nil
	}
	b := &triage.BaselineCommand{App: i.App, Policy: p, File: i.top.Path(allow.BaselineName)}
	return b.Save(p.Allow.Baseline, cli.Plural(p.Allow.Baseline.Len(), "known finding"))
}

// printLosses prints the settings that were dropped or changed.
func (i *Importer) printLosses(results []*peer.Result) {
	for _, r := range results {
		for _, s := range r.Left {
			fmt.Fprintf(i.App.Err, "keyguard: not carried over from %s: %s\n", report.Printable(r.From), report.Printable(scanner.MaskRandom(s)))
		}
		for _, s := range r.Changed {
			fmt.Fprintf(i.App.Err, "keyguard: carried over from %s with a change: %s\n", report.Printable(r.From), report.Printable(scanner.MaskRandom(s)))
		}
		fmt.Fprintf(i.App.Err, "keyguard: %s: %s, %s, %s; %d not carried over\n",
			report.Printable(r.From), cli.Plural(len(r.Allow), "allowance"), cli.Plural(len(r.Rules), "rule"), cli.Plural(len(r.Known), "known finding"), len(r.Left))
		if !i.Write && len(r.Known) > 0 {
			fmt.Fprintf(i.App.Err, "keyguard: known findings come into a baseline with --write\n")
		}
	}
}
