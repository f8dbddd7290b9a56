package githooks

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

const (
	// receiveBudget is the time limit of a scan. GitHub Enterprise gives all hooks
	// together 5 s.
	receiveBudget = 4 * time.Second
	// receiveGrace is the time in which a scan must stop after its limit.
	receiveGrace = 300 * time.Millisecond
)

// preReceive scans the pushed commits on a server, and rejects the push on failure.
// Pushed content cannot change the configuration.
func preReceive(ctx context.Context, a *cli.App, timeout time.Duration) error {
	a.Clock.Limit(cmp.Or(timeout, receiveBudget))
	said := &cutoffWriter{w: a.Err}
	defer said.close()
	b := *a
	b.Err = report.Narrow(said)
	b.Out = b.Err
	updates, err := readUpdates(a.In, func(f []string) (gitrepo.Update, bool) {
		if len(f) != 3 {
			return gitrepo.Update{}, false
		}
		return gitrepo.Update{Old: f[0], New: f[1], Ref: f[2]}, true
	})
	if err != nil || gitrepo.OnlyDelete(updates) {
		return err
	}
	a.Clock.Enter("reading the configuration")
	p, err := project.ServerPolicy(ctx, &b)
	if err != nil {
		return reject(&b, err)
	}
	options, err := readPushOptions(&b, p)
	if err != nil {
		return reject(&b, err)
	}
	if p.Config.Timeout == 0 {
		p.Config.Timeout = receiveBudget
	}
	if timeout > 0 {
		p.Config.Timeout = timeout
	}
	a.Clock.Limit(p.Config.Timeout)
	done := make(chan error, 1)
	go func() { done <- receive(ctx, &b, p, updates, options) }()
	select {
	case err = <-done:
	case <-time.After(p.Config.Timeout + receiveGrace):
		err = rejectLate(&b, p)
	}
	return err
}

// reject prints an error. Git itself only prints that the hook declined.
func reject(a *cli.App, err error) error {
	a.Fail(err)
	fmt.Fprintln(a.Err, "keyguard: push refused: scan failed")
	return cli.ExitError
}

// rejectLate handles a scan that exceeded its limit.
func rejectLate(a *cli.App, p *project.Policy) error {
	spent := p.Config.Timeout
	if open := p.Config.Server.FailOpen; open != nil && *open {
		fmt.Fprintf(a.Err, "keyguard: scan timed out after %v; push accepted by server policy\n", spent)
		return nil
	}
	return reject(a, cli.WithHint(fmt.Errorf("not scanned within %v: time ran out%s", spent, a.Clock.Where()), "push less at a time; those who run this server can raise scan.timeout in "+project.ServerName))
}

// receive scans, reports to the user who pushes, and logs bypasses.
func receive(ctx context.Context, a *cli.App, p *project.Policy, updates []gitrepo.Update, options pushOptions) error {
	var f scanrun.Options
	f.History.Exact = func(context.Context, *gitrepo.Repo) ([]string, error) { return gitrepo.Incoming(updates), nil }
	var text bytes.Buffer
	out := rejectionSink{report.Remote{W: &text, Bypass: options.enabled, FailOn: p.FailOn}}
	sum, err := scanrun.NewRun(a, p, &out, f).Do(ctx)
	a.Clock.Note(err)
	switch {
	case ctx.Err() != nil && sum.Failing() == 0:
		return rejectLate(a, p)
	case err != nil:
		return reject(a, err)
	}
	_, _ = io.Copy(a.Err, &text)
	switch {
	case sum.Failing() > 0:
		return cli.ExitFindings
	case len(sum.Errors) > 0:
		fmt.Fprintln(a.Err, "keyguard: push refused: an object could not be read")
		return cli.ExitError
	}
	if err := options.log(p, updates); err != nil {
		return reject(a, err)
	}
	if n := len(p.Bypassed); n > 0 {
		fmt.Fprintf(a.Err, "keyguard: %s bypassed by keyguard.allow (logged)\n", cli.Plural(n, "finding"))
	}
	return nil
}

// rejectionSink is the sink for the user who pushes.
type rejectionSink struct{ report.Remote }

func (r *rejectionSink) Result(found *scanner.Result) error {
	return report.Write(r, found, report.Options{})
}

// cutoffWriter forwards writes until it is closed, so that an abandoned scan prints
// nothing more.
type cutoffWriter struct {
	mu     sync.Mutex
	w      io.Writer
	closed bool
}

func (t *cutoffWriter) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return 0, errors.New("closed")
	}
	return t.w.Write(p)
}

func (t *cutoffWriter) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}
