package main

import (
	"context"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
)

// git tells git's version.
func (c *checkup) git(ctx context.Context) {
	version, err := gitrepo.Version(ctx)
	if err != nil {
		c.unsure("git", err)
		return
	}
	c.add("git", well, "", "%s", version)
}

// repository tells the repository's format, and what of it is not here.
func (c *checkup) repository(ctx context.Context) {
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
		c.add("history", warn, "git fetch --unshallow", "shallow: scan --history and --range do not see what was before the cut")
	}
	remotes, err := r.Settings(ctx, "remote")
	if err != nil {
		c.unsure("history", err)
		return
	}
	if strings.Contains(extensions, "extensions.partialclone\n") || strings.Contains(strings.ToLower(string(remotes)), ".promisor\ntrue") {
		c.add("history", warn, "git fetch --refetch --no-filter, where history is scanned", "partial: what was not fetched counts as not read, and scan --history ends with 2")
	}
}

// policy tells whether the configuration, the ignores and the baseline can be read.
func (c *checkup) policy(ctx context.Context) {
	p, err := c.app.policy(ctx, policyFlags{}, nil)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		c.add("configuration", fail, hint(err), "%s: keyguard stops every commit with exit code 2", first)
		return
	}
	name := "none, so the built-in rules hold"
	var files []string
	for _, f := range p.config.Files {
		files = append(files, f.Name())
	}
	if len(files) > 0 {
		name = strings.Join(files, ", ")
	}
	c.add("configuration", well, "", "%s: %s, %s", name, plural(len(p.config.Set.IDs()), "rule"), plural(len(p.config.Allow), "allowance"))
	c.weakened(p.config)
	if n := p.allow.Baseline.Len(); n > 0 {
		c.add("baseline", well, "", "%s", plural(n, "known finding"))
	}
	if stale := p.stale(allow.Partial); len(stale) > 0 {
		c.add("allowlist", warn, "remove them, or extend them with a later expires", "%d entries have expired", len(stale))
	}
}

// weakened tells what the configuration switches off.
func (c *checkup) weakened(cfg *config.Config) {
	for _, f := range cfg.Files {
		if len(f.Rules.Disable) > 0 {
			c.add("configuration", warn, "", "%s disables %s", f.Name(), strings.Join(f.Rules.Disable, ", "))
		}
	}
	if strings.Contains(","+c.app.env("SKIP")+",", ",keyguard,") {
		c.add("SKIP", fail, "unset SKIP", "the environment says SKIP=keyguard: hooks pass everything")
	}
}
