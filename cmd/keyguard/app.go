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
}

// run executes one command line and returns its exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	started := false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		err := cmd.ValidateFlagGroups() // cobra's last check of the command line
		started = err == nil
		return err
	}
	cmd, err := root.ExecuteContextC(ctx)
	code := exit(exitClean)
	switch {
	case err == nil:
	case !started:
		if !errors.As(err, new(*hinted)) {
			err = &hinted{err, "see " + cmd.CommandPath() + " --help"}
		}
		a.fail(err)
		code = exitError
	case errors.As(err, &code):
	case ctx.Err() != nil:
		code = exitInterrupted
	default:
		a.fail(err)
		code = exitError
	}
	return int(code)
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
