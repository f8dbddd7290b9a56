package githooks

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/report"
)

// prePush scans the commits and tags that the remote lacks. Its arguments are the
// remote's name and URL.
func prePush(ctx context.Context, a *cli.App, args []string, timeout time.Duration) error {
	if len(args) < 2 {
		return cli.WithHint(errors.New("the pre-push hook was not given the remote's name and URL"), `pass on the hook's arguments: keyguard hook pre-push "$@"`)
	}
	if r, ok := a.In.(io.Writer); ok && cli.IsTerminal(r) {
		return cli.WithHint(errors.New("the pre-push hook was not given the refs that are pushed"), "pass on the hook's standard input (in lefthook: use_stdin: true)")
	}
	updates, err := readUpdates(a.In, func(f []string) (gitrepo.Update, bool) {
		n := len(f) // the local ref may be an expression with spaces
		if n < 4 {
			return gitrepo.Update{}, false
		}
		return gitrepo.Update{Ref: f[n-2], Old: f[n-1], New: f[n-3]}, true
	})
	if err != nil {
		return err
	}
	if len(updates) == 0 && a.Env("PRE_COMMIT") != "" {
		return preCommitFramework(ctx, a, nil, timeout)
	}
	return scanOutgoing(ctx, a, args[0], args[1], updates, timeout)
}

// scanOutgoing scans the pushed commits.
func scanOutgoing(ctx context.Context, a *cli.App, remote, url string, updates []gitrepo.Update, timeout time.Duration) error {
	if gitrepo.OnlyDelete(updates) {
		return nil
	}
	f := forHook(report.PushHook, timeout)
	f.History.Exact = func(ctx context.Context, repo *gitrepo.Repo) ([]string, error) {
		return repo.Outgoing(ctx, remote, url, updates)
	}
	return scanrun.Scan(ctx, a, f)
}

// readUpdates reads the standard input of the hooks of a push (githooks(5)).
func readUpdates(r io.Reader, parse func(fields []string) (gitrepo.Update, bool)) (out []gitrepo.Update, err error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if lines.Text() == "" {
			continue
		}
		fields := strings.Split(lines.Text(), " ") // other white space may be in a ref's name
		u, ok := parse(fields)
		if !ok || !isID(u.Old) || !isID(u.New) {
			return nil, cli.WithHint(fmt.Errorf("invalid standard input for this hook: %q", lines.Text()), "pass on the hook's standard input unchanged")
		}
		out = append(out, u)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the pushed refs: %w", err)
	}
	return out, nil
}

// isID reports whether s is a full object ID, SHA-1 or SHA-256.
func isID(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}
