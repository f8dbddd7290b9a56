package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
)

func (a *app) doctorCommand() *cobra.Command {
	var format string
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check that this repository is protected, with a made-up key",
		Long: `Doctor looks at the hook, the program it calls, the configuration and the
repository, and tells for each line that is not well what to do. To prove the hook it
stages a made-up key in a temporary index and runs the hook on that: nothing is left
in the repository, and no other hook is run. Those before a push and of messages are
looked at, not tried.

Exit codes: 0 the repository is protected, 1 it is not, 2 it could not be told.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.clock.limit(timeout)
			return a.doctor(cmd.Context(), format)
		},
	}
	limitFlag(cmd, &timeout)
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text, or json")
	propose(cmd, "format", cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// status is how well something is.
type status string

const (
	well    status = "ok"
	warn    status = "warn" // protected, but see
	fail    status = "fail" // not protected
	unknown status = "unknown"
)

// check is one line of the doctor's report.
type check struct {
	Name   string `json:"name"`
	Status status `json:"status"`
	What   string `json:"what"`
	Fix    string `json:"fix,omitempty"`
}

// checkup collects checks.
type checkup struct {
	app    *app
	repo   *gitrepo.Repo
	checks []check
}

func (c *checkup) add(name string, s status, fix, format string, args ...any) {
	c.checks = append(c.checks, check{name, s, report.Printable(fmt.Sprintf(format, args...)), report.Printable(fix)})
}

// unsure notes an error on the way to an answer.
func (c *checkup) unsure(name string, err error) {
	c.add(name, unknown, hint(err), "%v", err)
}

func (c *checkup) worst() status {
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

func (a *app) doctor(ctx context.Context, format string) error {
	if format != "text" && format != "json" {
		return usage("doctor", "--format is %q: it takes text or json", format)
	}
	a.clock.enter("opening the repository")
	repo, err := openHere(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = repo.Close() }()
	c := &checkup{app: a, repo: repo}
	a.clock.enter("examining the repository")
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
		return exit(exitFindings)
	case unknown:
		return &hinted{errors.New("it could not be told whether this repository is protected"), "see the lines that begin with unknown"}
	}
	return nil
}

func (c *checkup) print(format string) error {
	if format == "json" {
		protected := map[status]*bool{well: new(bool), fail: new(bool)}
		*protected[well] = true
		e := json.NewEncoder(c.app.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(struct {
			Protected *bool   `json:"protected"` // null: unknown
			Checks    []check `json:"checks"`
		}{protected[c.worst()], c.checks})
	}
	for _, check := range c.checks {
		if _, err := fmt.Fprintf(c.app.out, "%-8s%s: %s\n", check.Status, check.Name, check.What); err != nil {
			return err
		}
		if check.Fix != "" {
			if _, err := fmt.Fprintf(c.app.out, "        fix: %s\n", check.Fix); err != nil {
				return err
			}
		}
	}
	last := map[status]string{well: "this repository is protected", fail: "this repository is NOT protected"}[c.worst()]
	if last == "" {
		return nil
	}
	_, err := fmt.Fprintf(c.app.out, "keyguard: %s\n", last)
	return err
}
