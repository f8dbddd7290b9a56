package expr

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// ruleExprs returns the expressions in fields of the built-in rules, each once.
func ruleExprs(t testing.TB, fields ...string) (exprs []string) {
	t.Helper()
	files, err := filepath.Glob("../../rules/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal("no rule files", err)
	}
	for _, name := range files {
		var file struct {
			Rule []map[string]any `toml:"rule"`
		}
		if _, err := toml.DecodeFile(name, &file); err != nil {
			t.Fatal(err)
		}
		for _, rule := range file.Rule {
			for _, field := range fields {
				if e, ok := rule[field].(string); ok && !slices.Contains(exprs, e) {
					exprs = append(exprs, e)
				}
			}
		}
	}
	return exprs
}

func TestNextRun(t *testing.T) {
	var c class
	c.addRange('a', 'z')
	c.addRange('0', '0')
	plain := regexp.MustCompile(`[a-z0]{5,}`)
	for _, text := range []string{"", "abcd", "abcde", "ABC abcde0 X", "ab cd efghi", "A0a0a0a0", "aaaa aaaa aaaaa", strings.Repeat("x", 40)} {
		start, end, ok := c.nextRun([]byte(text), 0, len(text), 5, maxRunPast)
		loc := plain.FindStringIndex(text)
		if ok != (loc != nil) || ok && (start != loc[0] || end != loc[1]) {
			t.Errorf("%q: got %d %d %v, want %v", text, start, end, ok, loc)
		}
	}
}
