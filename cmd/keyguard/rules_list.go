package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/patterns"
)

func rulesListCommand(a *cli.App) *cobra.Command {
	var family, format string
	cmd := &cobra.Command{
		Use: "list", Short: "List the effective rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return listRules(cmd.Context(), a, family, format) },
	}
	cmd.Flags().StringVar(&family, "family", "", "list only the rules of the family `NAME`, such as aws")
	cmd.Flags().StringVarP(&format, "format", "f", "text", "write `FORMAT`: text or json")
	propose(cmd, "format", cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// listedRule is a rule or a pair in the list.
type listedRule struct {
	ID          string            `json:"id"`
	Family      string            `json:"family"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Kind        patterns.Kind     `json:"kind"`
	Severity    patterns.Severity `json:"severity"`
	Owner       string            `json:"owner,omitempty"`
	Tags        []string          `json:"tags,omitempty"`
	Since       string            `json:"since,omitempty"`
}

func listRules(ctx context.Context, a *cli.App, family, format string) error {
	if format != "text" && format != "json" {
		return cli.Usage("rules list", "unknown format %q (known: text, json)", format)
	}
	set, err := ruleSet(ctx, a)
	if err != nil {
		return err
	}
	list := []listedRule{}
	for _, r := range set.Rules() {
		list = append(list, listedRule{r.ID, r.Family, r.Title, r.Description, r.Kind, r.Severity, r.Owner, r.Tags, r.Since})
	}
	for _, p := range set.Pairs {
		list = append(list, listedRule{p.ID, p.Family, p.Title, p.Description, patterns.KeyPair, p.Severity, p.Owner, nil, p.Since})
	}
	if family != "" {
		families := make(map[string]bool)
		for _, r := range list {
			families[r.Family] = true
		}
		if !families[family] {
			return cli.WithHint(fmt.Errorf("no rules of family %q", family), "keyguard rules list -f json shows the family of each rule")
		}
		list = slices.DeleteFunc(list, func(r listedRule) bool { return r.Family != family })
	}
	if format == "json" {
		out := json.NewEncoder(a.Out)
		out.SetIndent("", "  ")
		return out.Encode(list)
	}
	table := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	for _, r := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\n", field(r.ID), r.Severity, field(r.Title))
	}
	return table.Flush()
}
