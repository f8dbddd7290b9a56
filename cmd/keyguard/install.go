package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/setup"
)

func installCommand(a *cli.App) *cobra.Command {
	var f setup.InstallOptions
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Install git hooks that block commits and pushes with credentials",
		Long: `Install a pre-commit hook in this repository, in git's hooks directory (including
core.hooksPath). An existing hook is kept and runs first. Installing again has no
effect. In a hooks directory under version control, add a line that calls keyguard by
name, which works for everyone who shares the directory.

With --global, the hooks cover all your repositories, and still run the hooks of each
repository.`,
		Example: `  keyguard install                              the commits of this repository
  keyguard install --type pre-commit,pre-push   the commits and the pushes
  keyguard install --global                     all your repositories
  keyguard install --type pre-receive           the pushes to this server`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return setup.Install(cmd.Context(), a, f) },
	}
	hookTypeFlags(cmd, &f, []string{string(hooks.PreCommit)})
	cmd.Flags().StringVar(&f.Manager, "manager", "auto", "add keyguard to the hook manager `NAME`: auto, none, husky, lefthook or pre-commit")
	cmd.Flags().StringVar(&f.IfMissing, "if-missing", "block", "set the `ACTION` of the hook if keyguard is missing: block or allow")
	propose(cmd, "manager", cobra.FixedCompletions([]cobra.Completion{"auto", "none", "husky", "lefthook", "pre-commit"}, cobra.ShellCompDirectiveNoFileComp))
	propose(cmd, "if-missing", cobra.FixedCompletions([]cobra.Completion{"block", "allow"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func uninstallCommand(a *cli.App) *cobra.Command {
	var f setup.InstallOptions
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the hooks and restore the previous ones",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return setup.Uninstall(cmd.Context(), a, f) },
	}
	hookTypeFlags(cmd, &f, nil)
	return cmd
}

func hookTypeFlags(cmd *cobra.Command, f *setup.InstallOptions, types []string) {
	names := make([]cobra.Completion, 0, len(hooks.All()))
	for _, h := range hooks.All() {
		names = append(names, string(h))
	}
	flags := cmd.Flags()
	flags.StringSliceVarP(&f.Types, "type", "t", types, "select hooks of `TYPE`: "+strings.Join(names, ", "))
	flags.BoolVar(&f.Global, "global", false, "cover all your repositories, by git's core.hooksPath")
	flags.BoolVar(&f.System, "system", false, "cover all repositories of this machine, by core.hooksPath")
	flags.BoolVar(&f.Template, "template", false, "cover repositories that you create or clone later, by init.templateDir")
	flags.BoolVarP(&f.DryRun, "dry-run", "n", false, "print the changes without making them")
	flags.BoolVar(&f.Force, "force", false, "replace or remove a keyguard hook that was edited by hand")
	cmd.MarkFlagsMutuallyExclusive("global", "system", "template")
	propose(cmd, "type", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}
