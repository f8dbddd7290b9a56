package keyguard_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/internal/trigram"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// TestKeywordBudget limits the share of samples of source code that need a comparison. The
// prefilter gets slower with each of them.
func TestKeywordBudget(t *testing.T) {
	const most = 0.025
	rules, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	words := scanner.New(rules, scanner.Options{}).Words()
	set, err := literal.New(words)
	if err != nil {
		t.Fatal(err)
	}
	costs := set.Costs(trigram.Source())
	sum := 0.0
	order := make([]int, len(costs))
	for i, c := range costs {
		order[i] = i
		sum += c.Share
	}
	t.Logf("%d words: %.3f %% of samples", len(words), 100*sum)
	if sum <= most {
		return
	}
	t.Errorf("%.2f %% of samples need a comparison, more than %.2f %%; the dearest words:", 100*sum, 100*most)
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(costs[b].Share, costs[a].Share) })
	for _, i := range order[:5] {
		t.Errorf("%q: %.3f %%", words[i].Text, 100*costs[i].Share)
	}
}
