package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
)

// run executes a command line and returns its exit code. It returns at most cli.Grace
// after the run was stopped, even if the run continues.
func run(ctx context.Context, a *cli.App, args []string) cli.Exit {
	var bounded context.Context
	a.Clock, bounded = cli.NewClock(ctx)
	defer a.Clock.Stop()
	done := make(chan cli.Exit, 1)
	go func() { done <- execute(bounded, a, args) }()
	select {
	case code := <-done:
		return code
	case <-a.Clock.Overdue:
	}
	late := &cli.App{Err: a.Err} // the run still uses a
	return code(late, a.Clock.Ended(bounded, nil))
}

// code prints an error unless it is an exit code, and returns the exit code.
func code(a *cli.App, err error) cli.Exit {
	code := cli.ExitError
	if !errors.As(err, &code) {
		a.Fail(err)
	}
	return code
}

// execute executes a command line and returns its exit code.
func execute(ctx context.Context, a *cli.App, args []string) cli.Exit {
	a.Version = buildVersion()
	out := &cli.Checked{Writer: a.Out}
	a.Out = out
	root := root(a)
	root.SetArgs(args)
	started := false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		err := cmd.ValidateFlagGroups() // cobra's last validation
		started = err == nil
		return err
	}
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		err = cli.ExitClean
	case !started:
		if !cli.IsHinted(err) {
			err = cli.WithHint(err, "see "+cmd.CommandPath()+" --help")
		}
	case ctx.Err() != nil && !errors.As(err, new(cli.Exit)):
		err = a.Clock.Ended(ctx, err)
	case errors.Is(err, out.Err) && !cli.IsHinted(err):
		unwritten(a, out.Err)
		return cli.ExitError
	}
	code := code(a, err)
	if out.Err != nil && (code == cli.ExitClean || code == cli.ExitFindings) {
		unwritten(a, out.Err)
		code = cli.ExitError
	}
	return code
}

func root(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:           "keyguard",
		Short:         "Find credentials in files, commits and git history",
		Version:       buildVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          isCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	cmd.SetIn(a.In)
	cmd.SetOut(a.Out)
	cmd.SetErr(a.Err)
	cmd.SetVersionTemplate("keyguard {{.Version}}\n")
	addGroup(cmd, "Scan:", scanCommand(a), redactCommand(a), inspectCommand(a), verifyCommand(a))
	addGroup(cmd, "Set up:", initCommand(a), installCommand(a), uninstallCommand(a), doctorCommand(a))
	addGroup(cmd, "Manage findings:", allowCommand(a), baselineCommand(a), reportCommand(a))
	addGroup(cmd, otherGroup, configCommand(a), rulesCommand(a), versionCommand(a))
	cmd.SetHelpCommandGroupID(otherGroup)
	cmd.SetCompletionCommandGroupID(otherGroup)
	cmd.AddCommand(hookCommand(a), manCommand(a)) // hidden
	return cmd
}

const otherGroup = "Other:"

// addGroup adds commands below a title of their own.
func addGroup(root *cobra.Command, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: title, Title: title})
	for _, cmd := range commands {
		cmd.GroupID = title
		root.AddCommand(cmd)
	}
}

// isCommand returns an error for an unknown command, with the nearest known one.
func isCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return cli.WithHint(err, "did you mean keyguard "+near[0]+"?")
	}
	return err
}

// unwritten prints an error of standard output, unless its reader has closed it.
func unwritten(a *cli.App, err error) {
	if !cli.IsClosedPipe(err) {
		cause := cli.Cause(err)
		if !errors.Is(cause, cli.ErrClosed) {
			cause = fmt.Errorf("write standard output: %w", cause)
		}
		a.Fail(cli.WithHint(cause, "give it a standard output with room: a file, a pipe, or > /dev/null"))
	}
}
