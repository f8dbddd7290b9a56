package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/inspect"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

func inspectCommand(a *cli.App) *cobra.Command {
	return &cobra.Command{
		Use:   "inspect ID|PATH|-",
		Short: "Describe a key ID or credential, and how to rotate it",
		Long: `Describe an AWS key ID: its type, its account, and whether it is long-term or
temporary, a canary or an example. For a file or standard input, describe every
credential in it. Then list the next steps, with the commands of the AWS CLI.

The command works offline and prints no secret. Pass a secret on standard input or
in a file, never as an argument, because shells record their history.`,
		Example: `  keyguard inspect AKIA…             a key ID
  keyguard inspect .env              the credentials in a file
  pbpaste | keyguard inspect -       the clipboard`,
		Args: oneArgument("inspect", "a key ID, a path, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return inspectArgument(cmd.Context(), a, args[0]) },
	}
}

// oneArgument requires one argument. Its error does not contain the arguments.
func oneArgument(command, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return cli.Usage(command, "keyguard %s takes one argument: %s", command, what)
		}
		return nil
	}
}

func inspectArgument(ctx context.Context, a *cli.App, arg string) error {
	c, err := inspect.ParseID(arg)
	if err == nil {
		describeCredential(a, c, "", "aws")
		return nil
	}
	set, setErr := patterns.Builtin()
	if setErr != nil {
		return setErr
	}
	s := scanner.New(set, scanner.Options{})
	if _, missing := os.Lstat(arg); arg != "-" && missing != nil {
		return notInspected(s, arg, err)
	}
	return inspectFiles(ctx, a, s, arg)
}

// notInspected returns the error for an argument that is neither an ID nor a file. It
// does not contain the argument, which may be a secret.
func notInspected(s *scanner.Scanner, arg string, err error) error {
	for _, f := range s.ScanBytes([]byte("aws secret: " + arg)) {
		if f.Kind != patterns.AccessKeyID {
			return cli.WithHint(
				errors.New("that is a secret, and the shell has written it to its history"),
				"delete it there (history -d, ~/.bash_history, ~/.zsh_history) and treat it as leaked; pipe it instead: keyguard inspect -",
			)
		}
	}
	return cli.WithHint(
		fmt.Errorf("the argument is %w, and no file has that name", err),
		"access key ids are AKIA or ASIA and 16 more capitals and digits; give a file's name, or pipe text: keyguard inspect -",
	)
}

// inspectFiles describes each credential in the input.
func inspectFiles(ctx context.Context, a *cli.App, s *scanner.Scanner, arg string) error {
	in, err := scanrun.Open(ctx, a, scanrun.Options{Paths: []string{arg}})
	if err != nil {
		return err
	}
	defer in.Close()
	shown, failed := make(map[string]bool), false
	for r := range s.Scan(ctx, in.Blobs) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if r.Err != nil && !errors.As(r.Err, new(*scanner.Skipped)) {
			a.Fail(cli.WithHint(r.Err, "the rest was inspected"))
			failed = true
		}
		for _, f := range append(r.Findings, harmless(r.Dropped)...) {
			if value := f.Secret.SHA256(); !shown[value] {
				shown[value] = true
				fmt.Fprintf(a.Out, "%s: %s\n", placeOf(&f), report.Printable(f.Title))
				describeCredential(a, inspect.Of(&f), f.Origin.Path, f.Family)
			}
		}
	}
	if len(shown) == 0 {
		fmt.Fprintln(a.Out, "keyguard: no credential in it")
	}
	if failed {
		return cli.ExitError
	}
	return nil
}

// harmless returns the key IDs that were dropped for their value, not for their location.
func harmless(dropped []scanner.Finding) []scanner.Finding {
	var out []scanner.Finding
	for _, f := range dropped {
		if f.Kind == patterns.AccessKeyID && patterns.KeyIDDrop(f.KeyID) != "" {
			out = append(out, f)
		}
	}
	return out
}

// placeOf returns the location of a finding as in reports.
func placeOf(f *scanner.Finding) string {
	record := report.NewFinding(f, report.Options{})
	return record.Place()
}

// describeCredential prints facts and steps. path, if not empty, is the file of the
// credential, and family the family of its rule.
func describeCredential(a *cli.App, c inspect.Credential, path, family string) {
	now := time.Now()
	for _, f := range c.Facts(now) {
		fmt.Fprintf(a.Out, "  %-11s %s\n", f.Name, report.Printable(f.Value))
	}
	fmt.Fprintln(a.Out, "\nWhat to do")
	steps := c.Steps(now)
	if path != "" && c.Harmless == "" && c.Canary == "" {
		steps = append(steps, inspect.Step{Text: "Do without it in this file: " + report.Advice(path, family, false) + "."})
	}
	for i, s := range steps {
		fmt.Fprintf(a.Out, "  %d. %s\n", i+1, report.Printable(s.Text))
		for _, command := range s.Commands {
			fmt.Fprintf(a.Out, "       %s\n", strings.TrimSpace(report.Printable(command)))
		}
	}
	fmt.Fprintln(a.Out)
}
