package setup

import (
	"context"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
)

// git reports git's version.
func (c *diagnosis) git(ctx context.Context) {
	version, err := gitrepo.Version(ctx)
	if err != nil {
		c.unsure("git", err)
		return
	}
	c.add("git", well, "", "%s", version)
}

// repository reports the repository's format and missing history.
func (c *diagnosis) repository(ctx context.Context) {
	r := c.repo
	place := r.Root
	if place == "" {
		place = r.GitDir + ", bare"
	}
	settings, err := r.Settings(ctx, "extensions")
	if err != nil {
		c.unsure("repository", err)
		return
	}
	format := "SHA-1"
	extensions := strings.ToLower(string(settings))
	if strings.Contains(extensions, "extensions.objectformat\nsha256") {
		format = "SHA-256"
	}
	if strings.Contains(extensions, "extensions.refstorage\nreftable") {
		format += ", reftable"
	}
	c.add("repository", well, "", "%s (%s)", place, format)
	if r.Shallow {
		c.add("history", warn, "git fetch --unshallow", "shallow: scan --history and --range do not see commits before the boundary")
	}
	remotes, err := r.Settings(ctx, "remote")
	if err != nil {
		c.unsure("history", err)
		return
	}
	if strings.Contains(extensions, "extensions.partialclone\n") || strings.Contains(strings.ToLower(string(remotes)), ".promisor\ntrue") {
		c.add("history", warn, "git fetch --refetch --no-filter, where history is scanned", "partial: scan --history exits with 2, because objects are missing")
	}
}

// policy checks that the configuration, the ignore file and the baseline can be read.
func (c *diagnosis) policy(ctx context.Context) {
	p, err := project.ReadPolicy(ctx, c.app, project.Options{}, nil)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		c.add("configuration", fail, cli.Hint(err), "%s: keyguard stops every commit with exit code 2", first)
		return
	}
	name := "none; built-in rules"
	var files []string
	for _, f := range p.Config.Files {
		files = append(files, f.Name())
	}
	if len(files) > 0 {
		name = strings.Join(files, ", ")
	}
	c.add("configuration", well, "", "%s: %s, %s", name, cli.Plural(len(p.Config.Set.IDs()), "rule"), cli.Plural(len(p.Config.Allow), "allowance"))
	c.weakened(p.Config)
	if n := p.Allow.Baseline.Len(); n > 0 {
		c.add("baseline", well, "", "%s", cli.Plural(n, "known finding"))
	}
	if stale := p.Stale(allow.Partial); len(stale) > 0 {
		c.add("allowlist", warn, "remove them, or extend them with a later expires", "%d entries have expired", len(stale))
	}
}

// weakened reports disabled rules and hooks.
func (c *diagnosis) weakened(cfg *config.Config) {
	for _, f := range cfg.Files {
		if len(f.Rules.Disable) > 0 {
			c.add("configuration", warn, "", "%s disables %s", f.Name(), strings.Join(f.Rules.Disable, ", "))
		}
	}
	if strings.Contains(","+c.app.Env("SKIP")+",", ",keyguard,") {
		c.add("SKIP", fail, "unset SKIP", "SKIP contains keyguard, so hooks do not scan")
	}
}
