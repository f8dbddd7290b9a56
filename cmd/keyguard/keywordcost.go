package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/internal/trigram"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// maxKeywordShare is the greatest share of samples that a keyword may add to a scan without
// a reason in its rule.
const maxKeywordShare = 0.001

// keywordCost is the cost of a keyword in source code.
type keywordCost struct {
	literal.Cost
	word  string
	rules []*patterns.Rule // those that have it
}

// effectiveCosts returns the costs of the keywords of set, in a scan with set.
func effectiveCosts(set *patterns.Set) ([]keywordCost, error) {
	return costsBeside(nil, set)
}

// checkedCosts returns the costs of the keywords of sets: those that they add to a scan with
// the built-in rules, or if effective is set, to one without other rules.
func checkedCosts(sets []*patterns.Set, effective bool) ([]keywordCost, error) {
	if effective {
		return costsBeside(nil, sets...)
	}
	builtin, err := patterns.Builtin()
	if err != nil {
		return nil, err
	}
	checked := make(map[string]bool)
	for _, set := range sets {
		for _, id := range set.IDs() {
			checked[id] = true
		}
	}
	// A built-in rule that is checked adds the cost of its own keywords.
	var others []literal.Word
	words := scanner.New(builtin, scanner.Options{}).Words()
	for i, w := range words {
		own := i < len(builtin.Words()) && !slices.ContainsFunc(builtin.RulesOf(i), func(r *patterns.Rule) bool { return !checked[r.ID] })
		if !own {
			others = append(others, w)
		}
	}
	return costsBeside(others, sets...)
}

// costsBeside returns the costs of the keywords of sets, in a scan for others too.
func costsBeside(others []literal.Word, sets ...*patterns.Set) (costs []keywordCost, err error) {
	words := slices.Clone(others)
	for _, set := range sets {
		words = append(words, set.Words()...)
	}
	literals, err := literal.New(words)
	if err != nil {
		return nil, err
	}
	all := literals.Costs(trigram.Source())[len(others):]
	for _, set := range sets {
		for i, w := range set.Words() {
			costs = append(costs, keywordCost{Cost: all[len(costs)], word: w.Text, rules: set.RulesOf(i)})
		}
	}
	return costs, nil
}

// boundCosts returns an error for each keyword that costs too much without a reason.
func boundCosts(costs []keywordCost) error {
	var errs []error
	for _, c := range costs {
		if c.Share > maxKeywordShare && !slices.ContainsFunc(c.rules, func(r *patterns.Rule) bool { return r.KeywordCost != "" }) {
			errs = append(errs, fmt.Errorf("rule %s: keyword %q costs %s of samples, more than %s", c.rules[0].ID, c.word, percent(c.Share), percent(maxKeywordShare)))
		}
	}
	return errors.Join(errs...)
}

// printCosts writes a table of costs and their sum.
func printCosts(w io.Writer, costs []keywordCost) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "keyword\tsamples\thits per MB\trules")
	for _, c := range costs {
		ids := make([]string, len(c.rules))
		for i, r := range c.rules {
			ids[i] = r.ID
		}
		fmt.Fprintf(table, "%q\t%s\t<= %s\t%s\n", c.word, percent(c.Share), perMB(c.Hits), strings.Join(ids, ", "))
	}
	share, hits := sumCosts(costs)
	fmt.Fprintf(table, "sum\t%s\t<= %s\n", share, hits)
	return table.Flush()
}

// sumCosts returns the sums of shares and of hits, formatted.
func sumCosts(costs []keywordCost) (share, hits string) {
	var sum literal.Cost
	for _, c := range costs {
		sum.Share += c.Share
		sum.Hits += c.Hits
	}
	return percent(sum.Share), perMB(sum.Hits)
}

func percent(share float64) string { return fmt.Sprintf("%.3f %%", 100*share) }

func perMB(hits float64) string { return fmt.Sprintf("%.2f", hits) }
