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
		Short: "Write the hooks that block commits and pushes with credentials",
		Long: `Install writes a pre-commit hook into this repository, where git looks for it
(core.hooksPath included). A hook that is there already is kept and runs first.
Installing twice is installing once. In a hooks folder under version control it adds
a line that calls keyguard by its name, which works for all who share the folder.

With --global, the hooks serve all your repositories, and still run those that a
repository has itself.`,
		Example: `  keyguard install                              this repository's commits
  keyguard install --type pre-commit,pre-push   and its pushes
  keyguard install --global                     every repository of yours
  keyguard install --type pre-receive           what is pushed to this server`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return setup.Install(cmd.Context(), a, f) },
	}
	hookTypeFlags(cmd, &f, []string{string(hooks.PreCommit)})
	cmd.Flags().StringVar(&f.Manager, "manager", "auto", "who manages the hooks: auto, none, husky, lefthook or pre-commit")
	cmd.Flags().StringVar(&f.IfMissing, "if-missing", "block", "what the hook does when keyguard is gone: block or allow")
	propose(cmd, "manager", cobra.FixedCompletions([]cobra.Completion{"auto", "none", "husky", "lefthook", "pre-commit"}, cobra.ShellCompDirectiveNoFileComp))
	propose(cmd, "if-missing", cobra.FixedCompletions([]cobra.Completion{"block", "allow"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func uninstallCommand(a *cli.App) *cobra.Command {
	var f setup.InstallOptions
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the hooks and put back what was there before",
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
	flags.StringSliceVarP(&f.Types, "type", "t", types, "which hooks: "+strings.Join(names, ", "))
	flags.BoolVar(&f.Global, "global", false, "for all your repositories, by git's core.hooksPath")
	flags.BoolVar(&f.System, "system", false, "for all repositories of this machine, likewise")
	flags.BoolVar(&f.Template, "template", false, "for the repositories you will make or clone, by init.templateDir")
	flags.BoolVarP(&f.DryRun, "dry-run", "n", false, "say what would be done, and do nothing")
	flags.BoolVar(&f.Force, "force", false, "replace or remove a keyguard hook that was edited by hand")
	cmd.MarkFlagsMutuallyExclusive("global", "system", "template")
	propose(cmd, "type", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}
