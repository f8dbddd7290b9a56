package scanner_test

import (
	"fmt"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// BenchmarkStartup prepares a scan with 800 rules in addition to the built-in ones.
func BenchmarkStartup(b *testing.B) {
	added := &patterns.File{}
	for i := range 800 {
		prefix := fmt.Sprintf("zq%c%c_%d_", 'a'+i%26, 'a'+i/26, i%7)
		added.Rules = append(added.Rules, &patterns.Rule{
			ID: fmt.Sprintf("dummy-%d", i), Keywords: []string{prefix}, Regex: prefix + "[0-9A-Za-z]{36}", Checks: []string{"not-example"},
		})
	}
	builtin, err := patterns.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	dummies, err := patterns.NewSet(added)
	if err != nil {
		b.Fatal(err)
	}
	all, unchanged := func(string) bool { return true }, func(*patterns.Rule) {}
	b.ReportAllocs()
	for b.Loop() {
		set, err := patterns.NewSet(builtin.Select(all, unchanged), dummies.Select(all, unchanged))
		if err != nil {
			b.Fatal(err)
		}
		scanner.New(set, scanner.Options{Jobs: 1})
	}
}
