package project

import (
	"context"
	"path/filepath"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
)

// serverName is the configuration's name in the git folder of a server.
const ServerName = "keyguard.toml"

// serverPolicy reads what the server says: its user's configuration, and that in
// the git folder, which no push can write. With server.trust_head the repository's
// own counts as well, as it is before the push.
func ServerPolicy(ctx context.Context, a *cli.App) (*Policy, error) {
	here, err := cli.WorkingDir()
	if err != nil {
		return nil, err
	}
	t := &Root{Dir: here, Cwd: here}
	if dir := a.Env("GIT_DIR"); dir != "" {
		t.Dir = dir
		if !filepath.IsAbs(dir) {
			t.Dir = filepath.Join(here, dir)
		}
	}
	p := &Policy{Root: t, Store: namedStore{t}, InRoot: func(path string) string { return path },
		WayOut: "those who run this server can leave it out: exclude below [scan] of " + ServerName}
	sources := serverSources(a, t)
	if err := p.load(sources, nil); err != nil {
		return nil, err
	}
	server := p.Config
	if head := server.Server.TrustHead; head != nil && *head {
		if err := p.trustHead(ctx, sources); err != nil {
			return nil, err
		}
		p.Config.Server, p.Config.Timeout = server.Server, server.Timeout
	}
	p.Allow.Inline.Forbid = !marksCount(server.Files)
	return p, p.readBaseline("")
}

// serverSources returns the configuration files of a server, those that win last.
func serverSources(a *cli.App, t *Root) (out []config.Source) {
	if user := UserConfig(a); user != "" {
		out = append(out, config.Source{Store: Disk{}, Name: user, Optional: true})
	}
	if name := a.Env("KEYGUARD_CONFIG"); name != "" {
		return append(out, config.Source{Store: namedStore{t}, Name: filepath.ToSlash(name)})
	}
	return append(out, config.Source{Store: namedStore{t}, Name: ServerName, Optional: true})
}

// trustHead adds the repository's own files, which the server's win over.
func (p *Policy) trustHead(ctx context.Context, sources []config.Source) error {
	repo, err := gitrepo.Open(ctx, p.Root.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = repo.Close() }()
	if !repo.IsRevision(ctx, "HEAD") {
		return nil // nothing was pushed yet
	}
	head, err := repo.Commit(ctx, "HEAD")
	if err != nil {
		return err
	}
	p.Store = head
	return p.load(append([]config.Source{{Store: head, Name: config.Name, Optional: true}}, sources...), nil)
}

// marksCount reports whether the files say that marks in what is pushed count.
func marksCount(files []*config.File) (yes bool) {
	for _, f := range files {
		if f.Inline.Marks != nil {
			yes = *f.Inline.Marks
		}
	}
	return yes
}
