package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/report"
)

// status is the result of a check.
type status string

const (
	well    status = "ok"
	warn    status = "warn" // protected, with a limitation
	fail    status = "fail" // not protected
	unknown status = "unknown"
)

// check is one line of the report.
type check struct {
	Name   string `json:"name"`
	Status status `json:"status"`
	What   string `json:"what"`
	Fix    string `json:"fix,omitempty"`
}

// diagnosis collects checks.
type diagnosis struct {
	app    *cli.App
	repo   *gitrepo.Repo
	checks []check
}

func (c *diagnosis) add(name string, s status, fix, format string, args ...any) {
	c.checks = append(c.checks, check{name, s, report.Printable(fmt.Sprintf(format, args...)), report.Printable(fix)})
}

// unsure adds a check that failed with an error.
func (c *diagnosis) unsure(name string, err error) {
	c.add(name, unknown, cli.Hint(err), "%v", err)
}

func (c *diagnosis) worst() status {
	worst := well
	for _, check := range c.checks {
		switch {
		case check.Status == fail:
			return fail
		case check.Status == unknown:
			worst = unknown
		}
	}
	return worst
}

// Doctor checks that the current repository is protected, and prints a report.
func Doctor(ctx context.Context, a *cli.App, format string) error {
	if format != "text" && format != "json" {
		return cli.Usage("doctor", "invalid --format %q: must be text or json", format)
	}
	a.Clock.Enter("opening the repository")
	repo, err := project.OpenRepo(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = repo.Close() }()
	c := &diagnosis{app: a, repo: repo}
	a.Clock.Enter("examining the repository")
	c.git(ctx)
	c.repository(ctx)
	c.policy(ctx)
	c.protection(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := c.print(format); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	switch c.worst() {
	case fail:
		return cli.ExitFindings
	case unknown:
		return cli.WithHint(errors.New("cannot determine whether this repository is protected"), "see the lines that begin with unknown")
	}
	return nil
}

func (c *diagnosis) print(format string) error {
	if format == "json" {
		protected := map[status]*bool{well: new(bool), fail: new(bool)}
		*protected[well] = true
		e := json.NewEncoder(c.app.Out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(struct {
			Protected *bool   `json:"protected"` // null: unknown
			Checks    []check `json:"checks"`
		}{protected[c.worst()], c.checks})
	}
	for _, check := range c.checks {
		if _, err := fmt.Fprintf(c.app.Out, "%-8s%s: %s\n", check.Status, check.Name, check.What); err != nil {
			return err
		}
		if check.Fix != "" {
			if _, err := fmt.Fprintf(c.app.Out, "        fix: %s\n", check.Fix); err != nil {
				return err
			}
		}
	}
	last := map[status]string{well: "this repository is protected", fail: "this repository is NOT protected"}[c.worst()]
	if last == "" {
		return nil
	}
	_, err := fmt.Fprintf(c.app.Out, "keyguard: %s\n", last)
	return err
}
