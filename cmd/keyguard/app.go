package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Exit codes. Each means one thing.
const (
	exitClean       = 0
	exitFindings    = 1
	exitError       = 2 // wrong usage, or anything that was not read
	exitInterrupted = 130
)

// exit is an error that only carries an exit code: all has been said.
type exit int

func (e exit) Error() string { return "exit" }

// app is the program and its connections to the outside.
type app struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	hinted   string // the last hint given: the next error may have the same
	clock    *clock
}

// run executes one command line and returns its exit code. It returns a grace after ctx
// or the run's time ended, even if the run has not.
func (a *app) run(ctx context.Context, args []string) int {
	var bounded context.Context
	a.clock, bounded = newClock(ctx)
	defer a.clock.stop()
	done := make(chan int, 1)
	go func() { done <- a.execute(bounded, args) }()
	select {
	case code := <-done:
		return code
	case <-a.clock.overdue:
	}
	late := &app{err: a.err} // the run still has a
	return late.code(a.clock.ended(bounded, nil))
}

// code prints an error that is not an exit code, and returns its exit code.
func (a *app) code(err error) int {
	code := exit(exitError)
	if !errors.As(err, &code) {
		a.fail(err)
	}
	return int(code)
}

// execute executes one command line and returns its exit code.
func (a *app) execute(ctx context.Context, args []string) int {
	out := &checked{Writer: a.out}
	a.out = out
	root := a.root()
	root.SetArgs(args)
	started := false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		err := cmd.ValidateFlagGroups() // cobra's last check of the command line
		started = err == nil
		return err
	}
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		err = exit(exitClean)
	case !started:
		if !errors.As(err, new(*hinted)) {
			err = &hinted{err, "see " + cmd.CommandPath() + " --help"}
		}
	case ctx.Err() != nil && !errors.As(err, new(exit)):
		err = a.clock.ended(ctx, err)
	case errors.Is(err, out.err) && !errors.As(err, new(*hinted)):
		a.unwritten(out.err)
		return exitError
	}
	code := a.code(err)
	if out.err != nil && (code == exitClean || code == exitFindings) {
		a.unwritten(out.err)
		code = exitError
	}
	return code
}

func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "keyguard",
		Short:         "Finds AWS credentials before they are committed, and those that were",
		Version:       buildVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          isVerb,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	cmd.SetIn(a.in)
	cmd.SetOut(a.out)
	cmd.SetErr(a.err)
	cmd.SetVersionTemplate("keyguard {{.Version}}\n")
	cmd.AddCommand(a.scanCommand(), a.installCommand(), a.uninstallCommand(), a.hookCommand(), a.allowCommand(), a.baselineCommand(), a.configCommand(), a.rulesCommand())
	cmd.AddCommand(a.inspectCommand(), a.verifyCommand(), a.reportCommand(), a.versionCommand(), a.manCommand())
	cmd.AddCommand(a.redactCommand(), a.initCommand(), a.doctorCommand())
	return cmd
}

// workingDir is where the command was called.
func workingDir() (string, error) { return os.Getwd() }

// isVerb refuses what no verb has taken, and names one that it may be meant for.
func isVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return &hinted{err, "did you mean keyguard " + near[0] + "?"}
	}
	return err
}
