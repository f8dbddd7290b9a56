package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/setup"
	"github.com/keyguard/keyguard/report"
)

func configCommand(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Show, create, check and import configurations", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var shown, checked project.Options
	show := &cobra.Command{
		Use: "show", Short: "Show the effective configuration, with the source of each value", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := project.ReadPolicy(cmd.Context(), a, shown, nil)
			if err != nil {
				return err
			}
			var text strings.Builder
			if err := p.Config.Show(&text); err != nil {
				return err
			}
			return printLines(a.Out, text.String())
		},
	}
	policyFileFlags(show, &shown)
	policyCommitFlag(show, &shown)
	check := &cobra.Command{
		Use: "check", Short: "Check the configuration, the ignore file, the baseline and the examples of custom rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return checkConfig(a, cmd, checked) },
	}
	policyFileFlags(check, &checked)
	policyCommitFlag(check, &checked)
	cmd.AddCommand(show, check, importCommand(a),
		&cobra.Command{Use: "init", Short: "Create " + config.Name + " with every option commented out", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return setup.InitConfig(a) }},
		&cobra.Command{Use: "schema", Short: "Print the JSON Schema of " + config.Name + ", for editors", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return printSchema(a) }},
	)
	return cmd
}

func checkConfig(a *cli.App, cmd *cobra.Command, f project.Options) error {
	p, err := project.ReadPolicy(cmd.Context(), a, f, nil)
	if err != nil {
		return err
	}
	var errs []error
	rules, untested := 0, 0
	for _, f := range p.Config.Files {
		for _, r := range f.Rule {
			rules++
			if len(r.Examples)+len(r.CounterExamples) == 0 {
				untested++
				continue
			}
			errs = append(errs, r.Check())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return cli.WithHint(err, "examples must be found, counter_examples must not")
	}
	for _, s := range p.Stale(allow.Partial) {
		fmt.Fprintf(a.Out, "%s: %s: %s\n", report.Printable(s.Place), s.Problem, report.Printable(s.Reason))
	}
	if untested > 0 {
		fmt.Fprintf(a.Out, "keyguard: %s without examples, which are not tested\n", cli.Plural(untested, "custom rule"))
	}
	fmt.Fprintf(a.Out, "keyguard: configuration is valid: %s, %s, %s, %s\n",
		cli.Plural(len(p.Config.Files), "file"), cli.Plural(len(p.Config.Allow), "allowance"), cli.Plural(rules, "custom rule"), cli.Plural(p.Allow.Baseline.Len(), "known finding"))
	return nil
}

func printSchema(a *cli.App) error {
	schema, err := config.Schema()
	if err != nil {
		return err
	}
	_, err = a.Out.Write(schema)
	return err
}

func importCommand(a *cli.App) *cobra.Command {
	i := &setup.Importer{App: a}
	cmd := &cobra.Command{
		Use:   "import [FILE…]",
		Short: "Import the configurations of other scanners",
		Long: `Import .gitleaks.toml, .gitleaksignore, .gitallowed, .secrets.baseline, and the
settings of git-secrets in git's configuration. Without FILE, import those at the
top level of the repository. Print entries for ` + config.Name + `, or with --write add
them to it, and the findings of a baseline to ` + allow.BaselineName + `. Settings without
an equivalent are listed on standard error.`,
		RunE: func(cmd *cobra.Command, args []string) error { return i.Run(cmd.Context(), args) },
	}
	cmd.Flags().BoolVarP(&i.Write, "write", "w", false, "add the entries to "+config.Name+" and "+allow.BaselineName)
	return cmd
}
