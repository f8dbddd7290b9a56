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
		Short: "Set a repository up: ignore lines, a configuration, and what to do next",
		Long: `Init offers lines for .gitignore that keep files out which should not be committed
at all, such as .env and private keys, and a .keyguard.toml with everything there is
to say, commented out. On a terminal it asks; elsewhere it writes only with --write.
What is there already stays as it is.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return setup.Init(cmd.Context(), a, f) },
	}
	cmd.Flags().BoolVarP(&f.Write, "write", "w", false, "write without asking")
	cmd.Flags().BoolVarP(&f.DryRun, "dry-run", "n", false, "say what would be written, and write nothing")
	cmd.MarkFlagsMutuallyExclusive("write", "dry-run")
	return cmd
}
