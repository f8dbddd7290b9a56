package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/config/peer"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

func (a *app) importCommand() *cobra.Command {
	i := &importer{app: a}
	cmd := &cobra.Command{
		Use:   "import [FILE…]",
		Short: "Say in keyguard's words what other scanners are configured to do",
		Long: `Import reads .gitleaks.toml, .gitleaksignore, .gitallowed and .secrets.baseline,
and git-secrets' settings in git's configuration; without a FILE those that are
at the top of the repository. It prints entries for ` + config.Name + `, or adds
them to it with --write, and findings of a baseline to ` + allow.BaselineName + `.
What could not be carried over is listed on standard error.`,
		RunE: func(cmd *cobra.Command, args []string) error { return i.run(cmd.Context(), args) },
	}
	cmd.Flags().BoolVarP(&i.write, "write", "w", false, "add to "+config.Name+" and "+allow.BaselineName)
	return cmd
}

// importer does the work of config import.
type importer struct {
	app     *app
	write   bool
	top     *top
	repo    *gitrepo.Repo // nil outside of one
	scanner *scanner.Scanner
}

const maxImport = 64 << 20 // bytes of a file

func (i *importer) run(ctx context.Context, args []string) error {
	p, err := i.app.policy(ctx, policyFlags{}, nil)
	if err != nil {
		return err
	}
	i.top, i.scanner = p.top, scanner.New(p.config.Set, scanner.Options{})
	if i.repo, err = gitrepo.Open(ctx, i.top.dir); err == nil {
		defer func() { _ = i.repo.Close() }()
	} else if !errors.Is(err, gitrepo.ErrNotRepo) && !errors.Is(err, gitrepo.ErrNoGit) {
		return err
	}
	results, err := i.read(ctx, args)
	if errors.Is(err, errOutside) || errors.Is(err, errDangling) {
		return err
	}
	if err != nil {
		return &hinted{err, "name files of gitleaks, git-secrets or detect-secrets: keyguard config import FILE"}
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
	i.tell(results)
	return nil
}

// read imports the files that are named, or those that are there.
func (i *importer) read(ctx context.Context, args []string) ([]*peer.Result, error) {
	named, store := len(args) > 0, config.Store(disk{})
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
		return nil, errors.New("there is nothing to import here")
	}
	return out, nil
}

// parse tells by its name what a file is.
func (i *importer) parse(name string, data []byte, look peer.Lookup) (*peer.Result, error) {
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
	return nil, fmt.Errorf("%s: the name tells nothing of its form", name)
}

// lookup returns what finds credentials in a file.
func (i *importer) lookup(ctx context.Context) peer.Lookup {
	return func(commit, path string) ([]scanner.Finding, error) { return i.look(ctx, commit, path) }
}

// look finds what is in a file, of a commit or of the work tree.
func (i *importer) look(ctx context.Context, commit, path string) ([]scanner.Finding, error) {
	var store config.Store = i.top
	if commit != "" {
		if i.repo == nil {
			return nil, errors.New("there is no repository to look into")
		}
		c, err := i.repo.Commit(ctx, commit)
		if err != nil {
			return nil, err
		}
		store = c
	}
	data, err := store.Read(filepath.ToSlash(filepath.Clean(path)), maxImport)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there any more", path)
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

// put prints the configuration or writes it, and the baseline.
func (i *importer) put(p *policy, text string, results []*peer.Result) error {
	if !i.write {
		_, err := fmt.Fprint(i.app.out, text)
		return err
	}
	if text != "" {
		old, err := i.top.Read(config.Name, config.MaxFile)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if _, err := config.Parse(config.Name, []byte(string(old)+text)); err != nil {
			return &hinted{err, "import without --write and add by hand what fits"}
		}
		if err := writeFile(i.top.path(config.Name), []byte(strings.TrimPrefix(string(old)+text, "\n"))); err != nil {
			return err
		}
		fmt.Fprintf(i.app.out, "keyguard: wrote %s\n", config.Name)
	}
	known := 0
	for _, r := range results {
		for k := range r.Known {
			p.allow.Baseline.Add(&r.Known[k].Finding)
			if e := p.allow.Baseline.Match(&r.Known[k].Finding); e.Label == allow.Unaudited {
				e.Label = r.Known[k].Label
			}
			known++
		}
	}
	if known == 0 {
		return nil
	}
	b := &baseliner{app: i.app, p: p, file: i.top.path(allow.BaselineName)}
	return b.save(p.allow.Baseline, plural(p.allow.Baseline.Len(), "known finding"))
}

// tell lists what was not carried over, and what was in another sense.
func (i *importer) tell(results []*peer.Result) {
	for _, r := range results {
		for _, s := range r.Left {
			fmt.Fprintf(i.app.err, "keyguard: not carried over from %s: %s\n", report.Printable(r.From), report.Printable(scanner.MaskRandom(s)))
		}
		for _, s := range r.Changed {
			fmt.Fprintf(i.app.err, "keyguard: carried over from %s with a change: %s\n", report.Printable(r.From), report.Printable(scanner.MaskRandom(s)))
		}
		fmt.Fprintf(i.app.err, "keyguard: %s: %s, %s, %s; %d not carried over\n",
			report.Printable(r.From), plural(len(r.Allow), "allowance"), plural(len(r.Rules), "rule"), plural(len(r.Known), "known finding"), len(r.Left))
		if !i.write && len(r.Known) > 0 {
			fmt.Fprintf(i.app.err, "keyguard: known findings come into a baseline with --write\n")
		}
	}
}
