package peer

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// TestBuiltinRulesExist holds the table of equal rules to the built-in ones.
func TestBuiltinRulesExist(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for line := range strings.Lines(sameRules) {
		ours, theirs, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || theirs == "" {
			t.Fatalf("line %q", line)
		}
		for _, id := range strings.Fields(ours) {
			if _, err := set.Rule(id); err != nil && set.Pair(id) == nil {
				t.Error(err)
			}
		}
		for _, id := range strings.Fields(theirs) {
			if seen[id] {
				t.Errorf("%s is listed twice", id)
			}
			seen[id] = true
		}
	}
}
