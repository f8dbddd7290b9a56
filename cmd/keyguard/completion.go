package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
)

// completion returns proposals for the next word of a command line.
type completion = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective)

// propose sets the completion of a flag.
func propose(cmd *cobra.Command, flag string, c completion) {
	if err := cmd.RegisterFlagCompletionFunc(flag, c); err != nil {
		panic(err) // the flag does not exist
	}
}

// completeFormats proposes report formats.
func completeFormats(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, f := range report.Formats() {
		out = append(out, cobra.CompletionWithDesc(f.Name, f.Description))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeRules proposes the IDs of the effective rules. In a list, it omits those
// already present.
func completeRules(a *cli.App) completion {
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		set, err := ruleSet(cmd.Context(), a)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		before := begun[:strings.LastIndexByte(begun, ',')+1]
		var out []cobra.Completion
		add := func(id, title string) {
			if !strings.Contains(","+before, ","+id+",") {
				out = append(out, cobra.CompletionWithDesc(before+field(id), field(title)))
			}
		}
		for _, r := range set.Rules() {
			add(r.ID, r.Title)
		}
		for _, p := range set.Pairs {
			add(p.ID, p.Title)
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeRule proposes one rule as the only argument.
func completeRule(a *cli.App) completion {
	complete := completeRules(a)
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, begun)
	}
}
