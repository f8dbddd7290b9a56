package project

import (
	"context"
	"path/filepath"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
)

// ServerName is the name of a server's configuration in the git directory.
const ServerName = "keyguard.toml"

// ServerPolicy reads a server's policy: the configuration of its user and of the git
// directory, which a push cannot change. With server.trust_head, it also reads the
// repository's own files as they are before the push.
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

// serverSources returns the configuration files of a server, the last of which takes
// precedence.
func serverSources(a *cli.App, t *Root) (out []config.Source) {
	if user := UserConfig(a); user != "" {
		out = append(out, config.Source{Store: Disk{}, Name: user, Optional: true})
	}
	if name := a.Env("KEYGUARD_CONFIG"); name != "" {
		return append(out, config.Source{Store: namedStore{t}, Name: filepath.ToSlash(name)})
	}
	return append(out, config.Source{Store: namedStore{t}, Name: ServerName, Optional: true})
}

// trustHead adds the repository's own files. The server's take precedence.
func (p *Policy) trustHead(ctx context.Context, sources []config.Source) error {
	repo, err := gitrepo.Open(ctx, p.Root.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = repo.Close() }()
	if !repo.IsRevision(ctx, "HEAD") {
		return nil // the repository has no commit
	}
	head, err := repo.Commit(ctx, "HEAD")
	if err != nil {
		return err
	}
	p.Store = head
	return p.load(append([]config.Source{{Store: head, Name: config.Name, Optional: true}}, sources...), nil)
}

// marksCount reports whether the files enable marks in pushed content.
func marksCount(files []*config.File) (yes bool) {
	for _, f := range files {
		if f.Inline.Marks != nil {
			yes = *f.Inline.Marks
		}
	}
	return yes
}
