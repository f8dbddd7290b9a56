package patterns_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

func ExampleCanary() {
	id := id("AKIA-SP2TPHJSQH3FJRUX")
	fmt.Println(patterns.Canary(patterns.ParseKeyID(id).Account))
	// Output: canarytokens.org true
}

// id joins the halves of an id that no scanner should find here.
func id(halves string) string { return strings.Replace(halves, "-", "", 1) }

func TestCanaryTakesWholeAccounts(t *testing.T) {
	for account, want := range map[string]bool{
		"052310077262": true, "893192397702": true, "982842642351": true,
		"123456789012": false, "": false, "0523100772": false, "077262 17143": false, "canarytokens": false,
	} {
		if _, got := patterns.Canary(account); got != want {
			t.Errorf("Canary(%q) = %v, want %v", account, got, want)
		}
	}
}

func TestKeyIDDropSaysWhatScansSay(t *testing.T) {
	for id, want := range map[string]string{
		id("AKIA-SP2TPHJSQH3FJRUX"): "",
		id("AKIA-IOSFODNN7EXAMPLE"): "documentation example",
		id("AKIA-QAAAAAAAGMKEM7X5"): "key of an emulator (account 000000000000)",
		id("AKIA-XXXXXXXXXXXXXXXX"): "placeholder",
	} {
		if got := patterns.KeyIDDrop(id); got != want {
			t.Errorf("KeyIDDrop(%s) = %q, want %q", id, got, want)
		}
	}
}
