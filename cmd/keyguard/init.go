package main

import (
	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/setup"
)

func initCommand(a *cli.App) *cobra.Command {
	var f setup.InitOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Add .gitignore entries and a configuration file",
		Long: `Offer .gitignore entries for sensitive files, such as .env and private keys, and a
.keyguard.toml with every option commented out. On a terminal, ask before writing.
Elsewhere, write only with --write. Existing lines and files are kept.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return setup.Init(cmd.Context(), a, f) },
	}
	cmd.Flags().BoolVarP(&f.Write, "write", "w", false, "write without asking")
	cmd.Flags().BoolVarP(&f.DryRun, "dry-run", "n", false, "print the changes without making them")
	cmd.MarkFlagsMutuallyExclusive("write", "dry-run")
	return cmd
}
