package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/patterns"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List, show and check the rules", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "List the rules that apply here", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return a.listRules(cmd.Context()) }},
		&cobra.Command{Use: "show ID", Short: "Show a rule: what it finds, how, and what it drops", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeRule, RunE: func(cmd *cobra.Command, args []string) error { return a.showRule(cmd.Context(), args[0]) }},
		&cobra.Command{Use: "check [FILE…]", Short: "Run the examples of the rules that apply here, or of rule files", RunE: func(cmd *cobra.Command, args []string) error { return a.checkRules(cmd.Context(), args) }},
	)
	return cmd
}

// ruleSet returns the rules that apply here, the configuration's own included.
func (a *app) ruleSet(ctx context.Context) (*patterns.Set, error) {
	p, err := a.policy(ctx, policyFlags{noBaseline: true}, nil)
	if err != nil {
		return nil, err
	}
	return p.config.Set, nil
}

// parseRules reads the rules of a rule file or a configuration.
func parseRules(path string, data []byte) (*patterns.File, error) {
	if filepath.Base(path) != config.Name {
		return patterns.ParseFile(path, data)
	}
	f, err := config.Parse(path, data)
	if err != nil {
		return nil, err
	}
	return &patterns.File{Rules: f.Rule}, nil
}

func (a *app) listRules(ctx context.Context) error {
	set, err := a.ruleSet(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range set.Rules {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
	}
	if p := set.Pair; p != nil {
		fmt.Fprintf(table, "%s\t%s\t%s\n", p.ID, p.Severity, p.Title)
	}
	return table.Flush()
}

func (a *app) showRule(ctx context.Context, id string) error {
	set, err := a.ruleSet(ctx)
	if err != nil {
		return err
	}
	if p := set.Pair; p != nil && p.ID == id {
		fmt.Fprintf(a.out, "%s (%s)\n%s\n\nparts      at most %d lines and %d bytes apart, nearest first\n", p.Title, p.Severity, p.Description, p.Lines, p.Bytes)
		return nil
	}
	r, err := set.Rule(id)
	if err != nil {
		return &hinted{err, "see keyguard rules list"}
	}
	fmt.Fprintf(a.out, "%s (%s)\n%s\n\n", r.Title, r.Severity, r.Description)
	switch {
	case len(r.Paths) > 0:
		fmt.Fprintf(a.out, "files      %s\n", strings.Join(r.Paths, ", "))
	case r.Near != nil:
		fmt.Fprintf(a.out, "near       %s, at most %d lines and %d bytes away\n", r.Near.Kind, r.Near.Lines, r.Near.Bytes)
	default:
		fmt.Fprintf(a.out, "keywords   %s\n", strings.Join(r.Keywords, ", "))
	}
	fmt.Fprintf(a.out, "regex      %s\n", r.Regex)
	for _, field := range []struct{ name, value string }{
		{"decode", r.Decode}, {"value", r.Value}, {"tail", r.Tail.String()}, {"left", r.Left.String()}, {"right", r.Right.String()},
		{"context", r.Context}, {"sure", r.Sure}, {"unless", r.Unless},
	} {
		if field.value != "" {
			fmt.Fprintf(a.out, "%-10s %s\n", field.name, field.value)
		}
	}
	if r.MinEntropy > 0 {
		fmt.Fprintf(a.out, "entropy    at least %.1f bits a character\n", r.MinEntropy)
	}
	for _, name := range r.Checks {
		fmt.Fprintf(a.out, "check      %s: %s\n", name, patterns.CheckDoc(name))
	}
	for _, e := range r.Examples {
		fmt.Fprintf(a.out, "finds      %q\n", e)
	}
	for _, e := range r.CounterExamples {
		fmt.Fprintf(a.out, "passes     %q\n", e)
	}
	return nil
}

func (a *app) checkRules(ctx context.Context, paths []string) error {
	var rules []*patterns.Rule
	if len(paths) == 0 {
		set, err := a.ruleSet(ctx)
		if err != nil {
			return err
		}
		rules = set.Rules
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parseRules(path, data)
		if err != nil {
			return err
		}
		if len(file.Rules) == 0 {
			return &hinted{fmt.Errorf("%s: no rules in it", path), "a rule is a [[rule]] table; keyguard rules show aws-access-key-id shows one"}
		}
		if _, err := patterns.NewSet(file); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		rules = append(rules, file.Rules...)
	}
	var errs []error
	examples := 0
	for _, r := range rules {
		errs = append(errs, r.Check())
		examples += len(r.Examples) + len(r.CounterExamples)
	}
	if err := errors.Join(errs...); err != nil {
		return &hinted{err, "examples must be found, counter_examples must not"}
	}
	fmt.Fprintf(a.out, "%s and %s are right\n", plural(len(rules), "rule"), plural(examples, "example"))
	return nil
}
