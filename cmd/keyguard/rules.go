package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/proof"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

func rulesCommand(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List, show and check rules", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(
		rulesListCommand(a),
		&cobra.Command{Use: "show ID", Short: "Show the definition of a rule", Args: cobra.ExactArgs(1), ValidArgsFunction: completeRule(a), RunE: func(cmd *cobra.Command, args []string) error { return showRule(cmd.Context(), a, args[0]) }},
		rulesCheckCommand(a),
	)
	return cmd
}

func rulesCheckCommand(a *cli.App) *cobra.Command {
	verbose := false
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Run the examples of the effective rules, or of rule files",
		Long: "Run the examples and counter-examples of the effective rules, or of rule files, and\n" +
			"estimate the cost of their keywords: the share of samples of source code that need\n" +
			"a comparison, and the hits in a million bytes. See CONTRIBUTING.md.",
		RunE: func(cmd *cobra.Command, args []string) error { return checkRules(cmd.Context(), a, args, verbose) },
	}
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "print the cost of each keyword of the effective rules too")
	return cmd
}

// ruleSet returns the effective rules, with the rules of the configuration.
func ruleSet(ctx context.Context, a *cli.App) (*patterns.Set, error) {
	p, err := project.ReadPolicy(ctx, a, project.Options{NoBaseline: true}, nil)
	if err != nil {
		return nil, err
	}
	return p.Config.Set, nil
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
	return &patterns.File{Rules: f.Rule, Pairs: f.Pair}, nil
}

// field returns a repository's text without tabs and control characters.
func field(s string) string { return report.Printable(strings.ReplaceAll(s, "\t", " ")) }

func showRule(ctx context.Context, a *cli.App, id string) error {
	set, err := ruleSet(ctx, a)
	if err != nil {
		return err
	}
	if p := set.Pair(id); p != nil {
		fmt.Fprintf(a.Out, "%s (%s)\n%s\n\n", p.Title, p.Severity, p.Description)
		for _, r := range set.Rules() {
			if r.PartOf() == p {
				fmt.Fprintf(a.Out, "part       %s: %s\n", r.ID, r.Kind)
			}
		}
		fmt.Fprintf(a.Out, "distance   at most %d lines and %d bytes, nearest first\n", p.Lines, p.Bytes)
		return nil
	}
	r, err := set.Rule(id)
	if err != nil {
		return cli.WithHint(err, "see keyguard rules list")
	}
	costs, err := effectiveCosts(set)
	if err != nil {
		return err
	}
	var text strings.Builder
	describe(&text, r, costs)
	return printLines(a.Out, text.String())
}

// printLines prints a text that contains text of a repository.
func printLines(w io.Writer, text string) error {
	for line := range strings.Lines(text) {
		if _, err := fmt.Fprintln(w, report.Printable(strings.TrimSuffix(line, "\n"))); err != nil {
			return err
		}
	}
	return nil
}

// describe writes the definition of a rule. costs contains the costs of all keywords.
func describe(w io.Writer, r *patterns.Rule, costs []keywordCost) {
	fmt.Fprintf(w, "%s (%s)\n%s\n\n", r.Title, r.Severity, r.Description)
	switch {
	case len(r.Paths) > 0:
		fmt.Fprintf(w, "files      %s\n", strings.Join(r.Paths, ", "))
	case r.Near != nil:
		fmt.Fprintf(w, "near       %s, at most %d lines and %d bytes away\n", r.Near.Kind, r.Near.Lines, r.Near.Bytes)
	case len(r.Services) > 0:
		fmt.Fprintf(w, "services   %s, in the name of a value or before it\n", strings.Join(r.Services, ", "))
	case r.InValues:
		fmt.Fprintf(w, "keywords   %s, in values of names such as token and secret\n", strings.Join(r.Keywords, ", "))
	default:
		fmt.Fprintf(w, "keywords   %s\n", strings.Join(r.Keywords, ", "))
		own := slices.DeleteFunc(slices.Clone(costs), func(c keywordCost) bool { return !slices.Contains(c.rules, r) })
		share, hits := sumCosts(own)
		fmt.Fprintf(w, "cost       %s of samples, at most %s hits per MB\n", share, hits)
		if r.KeywordCost != "" {
			fmt.Fprintf(w, "because    %s\n", r.KeywordCost)
		}
	}
	if p := r.PartOf(); p != nil {
		alone := map[bool]string{true: "", false: "; not reported alone"}[r.Alone == nil || *r.Alone]
		fmt.Fprintf(w, "part       the %s of %s%s\n", r.Kind, p.ID, alone)
	}
	fmt.Fprintf(w, "regex      %s\n", r.Regex)
	for _, field := range []struct{ name, value string }{
		{"decode", r.Decode}, {"value", r.Value}, {"tail", r.Tail.String()}, {"left", r.Left.String()}, {"right", r.Right.String()},
		{"context", r.Context}, {"sure", r.Sure}, {"unless", r.Unless}, {"names", r.Names},
	} {
		if field.value != "" {
			fmt.Fprintf(w, "%-10s %s\n", field.name, field.value)
		}
	}
	if r.MinEntropy > 0 {
		fmt.Fprintf(w, "entropy    at least %.1f bits a character\n", r.MinEntropy)
	}
	if r.Proof != nil {
		effect := map[bool]string{true: "drops other values", false: "lowers the confidence in other values"}[r.Proof.Effect == "drop"]
		fmt.Fprintf(w, "proof      %s: %s; %s\n", r.Proof.Kind, proof.Doc(r.Proof.Kind), effect)
	}
	for _, when := range r.When {
		fmt.Fprintf(w, "severity   %s with %s\n", when.Severity, when.Fact)
	}
	if r.InTests != 0 {
		fmt.Fprintf(w, "severity   at most %s in tests\n", r.InTests)
	}
	if r.HasFiles() {
		fmt.Fprintf(w, "only in    %s\nnot in     %s\n", strings.Join(r.OnlyIn, ", "), strings.Join(r.NotIn, ", "))
	}
	for _, name := range r.Checks {
		fmt.Fprintf(w, "check      %s: %s\n", name, patterns.CheckDoc(name))
	}
	for _, e := range r.Examples {
		fmt.Fprintf(w, "finds      %q\n", e)
	}
	for _, e := range r.CounterExamples {
		fmt.Fprintf(w, "passes     %q\n", e)
	}
}

func checkRules(ctx context.Context, a *cli.App, paths []string, verbose bool) error {
	var sets []*patterns.Set
	pairs := 0
	if len(paths) == 0 {
		set, err := ruleSet(ctx, a)
		if err != nil {
			return err
		}
		sets, pairs = append(sets, set), len(set.IDs())-len(set.Rules())
	}
	for _, path := range paths {
		set, err := readRules(path)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	var errs []error
	rules, examples := 0, 0
	for _, set := range sets {
		for _, r := range set.Rules() {
			errs = append(errs, r.Check())
			examples += len(r.Examples) + len(r.CounterExamples)
		}
		rules += len(set.Rules())
	}
	if err := errors.Join(errs...); err != nil {
		return cli.WithHint(err, "examples must be found, counter_examples must not")
	}
	costs, err := checkedCosts(sets, len(paths) == 0)
	if err != nil {
		return err
	}
	if len(paths) > 0 || verbose {
		if err := printCosts(a.Out, costs); err != nil {
			return err
		}
	}
	if err := boundCosts(costs); err != nil {
		return cli.WithHint(err, "use a rarer keyword, or give the reason in keyword_cost")
	}
	fmt.Fprintf(a.Out, "%s and %s are right\n", cli.Plural(rules+pairs, "rule"), cli.Plural(examples, "example"))
	return nil
}

// readRules returns the rules of a rule file or a configuration.
func readRules(path string) (*patterns.Set, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, cli.WithHint(err, "name rule files, or run keyguard rules check without files to check the effective rules")
	}
	file, err := parseRules(path, data)
	if err != nil {
		return nil, err
	}
	if len(file.Rules) == 0 {
		return nil, cli.WithHint(fmt.Errorf("%s: no rules in it", path), "a rule is a [[rule]] table; keyguard rules show aws-access-key-id shows one")
	}
	set, err := patterns.NewSet(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return set, nil
}
