package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

const (
	// serverName is the configuration's name in the git folder of a server.
	serverName = "keyguard.toml"
	// receiveBudget is the time for a push, less than the 5 s that GitHub Enterprise
	// gives all hooks together.
	receiveBudget = 4 * time.Second
	// receiveGrace is how long a scan may take to notice that its time is over.
	receiveGrace = 300 * time.Millisecond
)

// preReceive scans what a push brings to a server, and refuses it by a failure.
// Nothing that is pushed can change what is looked for.
func (a *app) preReceive(ctx context.Context, timeout time.Duration) error {
	a.clock.limit(cmp.Or(timeout, receiveBudget))
	said := &transcript{w: a.err}
	defer said.close()
	b := *a
	b.err = report.Narrow(said)
	b.out = b.err
	updates, err := readUpdates(a.in, func(f []string) (gitrepo.Update, bool) {
		if len(f) != 3 {
			return gitrepo.Update{}, false
		}
		return gitrepo.Update{Old: f[0], New: f[1], Ref: f[2]}, true
	})
	if err != nil || gitrepo.OnlyDelete(updates) {
		return err
	}
	a.clock.enter("reading the configuration")
	p, err := b.serverPolicy(ctx)
	if err != nil {
		return b.refuse(err)
	}
	options, err := b.pushOptions(p)
	if err != nil {
		return b.refuse(err)
	}
	if p.config.Timeout == 0 {
		p.config.Timeout = receiveBudget
	}
	if timeout > 0 {
		p.config.Timeout = timeout
	}
	a.clock.limit(p.config.Timeout)
	done := make(chan error, 1)
	go func() { done <- b.receive(ctx, p, updates, options) }()
	select {
	case err = <-done:
	case <-time.After(p.config.Timeout + receiveGrace):
		err = b.late(p)
	}
	return err
}

// refuse tells an error; git itself only says that the hook declined.
func (a *app) refuse(err error) error {
	a.fail(err)
	fmt.Fprintln(a.err, "keyguard: push refused, as it was not scanned.")
	return exit(exitError)
}

// late is the verdict when time is over.
func (a *app) late(p *policy) error {
	spent := p.config.Timeout
	if open := p.config.Server.FailOpen; open != nil && *open {
		fmt.Fprintf(a.err, "keyguard: not scanned within %v; this server lets it pass.\n", spent)
		return nil
	}
	return a.refuse(&hinted{fmt.Errorf("not scanned within %v: time ran out%s", spent, a.clock.where()), "push less at a time; those who run this server can raise scan.timeout in " + serverName})
}

// receive scans, and tells the pusher and the log what came of it.
func (a *app) receive(ctx context.Context, p *policy, updates []gitrepo.Update, options pushOptions) error {
	var f scanFlags
	f.history.exact = func(context.Context, *gitrepo.Repo) ([]string, error) { return gitrepo.Incoming(updates), nil }
	var text bytes.Buffer
	out := refusal{report.Remote{W: &text, Bypass: options.enabled}}
	sum, err := a.newRun(p, &out, f).do(ctx)
	a.clock.note(err)
	switch {
	case ctx.Err() != nil && sum.Findings == 0:
		return a.late(p)
	case err != nil:
		return a.refuse(err)
	}
	_, _ = io.Copy(a.err, &text)
	switch {
	case sum.Findings > 0:
		return exit(exitFindings)
	case len(sum.Errors) > 0:
		fmt.Fprintln(a.err, "keyguard: push refused, as not all of it could be read.")
		return exit(exitError)
	}
	if err := options.log(p, updates); err != nil {
		return a.refuse(err)
	}
	if n := len(p.passed); n > 0 {
		fmt.Fprintf(a.err, "keyguard: findings let through by keyguard.allow: %d (logged).\n", n)
	}
	return nil
}

// refusal is the sink of what a pusher is told.
type refusal struct{ report.Remote }

func (r *refusal) begin() error { return r.Begin() }

func (r *refusal) result(found *scanner.Result) error {
	return report.Write(r, found, report.Options{})
}

func (r *refusal) end(s report.Summary) error { return r.End(s) }

// serverPolicy reads what the server says: its user's configuration, and that in
// the git folder, which no push can write. With server.trust_head the repository's
// own counts as well, as it is before the push.
func (a *app) serverPolicy(ctx context.Context) (*policy, error) {
	here, err := workingDir()
	if err != nil {
		return nil, err
	}
	t := &top{dir: here, here: here}
	if dir := a.env("GIT_DIR"); dir != "" {
		t.dir = dir
		if !filepath.IsAbs(dir) {
			t.dir = filepath.Join(here, dir)
		}
	}
	p := &policy{top: t, store: typed{t}, inTop: func(path string) string { return path },
		wayOut: "those who run this server can leave it out: exclude below [scan] of " + serverName}
	sources := a.serverSources(t)
	if err := p.load(sources, nil); err != nil {
		return nil, err
	}
	server := p.config
	if head := server.Server.TrustHead; head != nil && *head {
		if err := p.trustHead(ctx, sources); err != nil {
			return nil, err
		}
		p.config.Server, p.config.Timeout = server.Server, server.Timeout
	}
	p.allow.Inline.Forbid = !marksCount(server.Files)
	return p, p.readBaseline("")
}

// serverSources returns the configuration files of a server, those that win last.
func (a *app) serverSources(t *top) (out []config.Source) {
	if user := a.userConfig(); user != "" {
		out = append(out, config.Source{Store: disk{}, Name: user, Optional: true})
	}
	if name := a.env("KEYGUARD_CONFIG"); name != "" {
		return append(out, config.Source{Store: typed{t}, Name: filepath.ToSlash(name)})
	}
	return append(out, config.Source{Store: typed{t}, Name: serverName, Optional: true})
}

// trustHead adds the repository's own files, which the server's win over.
func (p *policy) trustHead(ctx context.Context, sources []config.Source) error {
	repo, err := gitrepo.Open(ctx, p.top.dir)
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
	p.store = head
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

// transcript hands on what is written until it is closed: a scan that is given up
// says nothing more.
type transcript struct {
	mu     sync.Mutex
	w      io.Writer
	closed bool
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return 0, errors.New("closed")
	}
	return t.w.Write(p)
}

func (t *transcript) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}
