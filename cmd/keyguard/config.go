package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/report"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Show, begin, check and import configurations", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var shown, checked policyFlags
	show := &cobra.Command{
		Use: "show", Short: "Show what holds here, and where each value comes from", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.policy(cmd.Context(), shown, nil)
			if err != nil {
				return err
			}
			var text strings.Builder
			if err := p.config.Show(&text); err != nil {
				return err
			}
			return printLines(a.out, text.String())
		},
	}
	shown.files(show)
	shown.commit(show)
	check := &cobra.Command{
		Use: "check", Short: "Check the configuration, the ignores, the baseline, and the examples of your rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.checkConfig(cmd, checked) },
	}
	checked.files(check)
	checked.commit(check)
	cmd.AddCommand(show, check, a.importCommand(),
		&cobra.Command{Use: "init", Short: "Write a " + config.Name + " with everything there is to say, commented out", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.initConfig() }},
		&cobra.Command{Use: "schema", Short: "Print the JSON Schema of " + config.Name + ", for editors", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.printSchema() }},
	)
	return cmd
}

func (a *app) checkConfig(cmd *cobra.Command, f policyFlags) error {
	p, err := a.policy(cmd.Context(), f, nil)
	if err != nil {
		return err
	}
	var errs []error
	rules, untested := 0, 0
	for _, f := range p.config.Files {
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
		return &hinted{err, "examples must be found, counter_examples must not"}
	}
	for _, s := range p.stale(allow.Partial) {
		fmt.Fprintf(a.out, "%s: %s: %s\n", report.Printable(s.Place), s.Problem, report.Printable(s.Reason))
	}
	if untested > 0 {
		fmt.Fprintf(a.out, "keyguard: %s of your own without examples: nothing is known of what they find\n", plural(untested, "rule"))
	}
	fmt.Fprintf(a.out, "keyguard: %s, %s, %s of your own and %s are right\n",
		plural(len(p.config.Files), "file"), plural(len(p.config.Allow), "allowance"), plural(rules, "rule"), plural(p.allow.Baseline.Len(), "known finding"))
	return nil
}

func (a *app) initConfig() error {
	t, err := findTop()
	if err != nil {
		return err
	}
	name := t.path(config.Name)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return &hinted{fmt.Errorf("%s is there already", config.Name), "keyguard config show tells what it says"}
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(config.Template)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	fmt.Fprintf(a.out, "keyguard: wrote %s\n", config.Name)
	return nil
}

func (a *app) printSchema() error {
	schema, err := config.Schema()
	if err != nil {
		return err
	}
	_, err = a.out.Write(schema)
	return err
}
