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

func TestNextRunLimits(t *testing.T) {
	var c class
	c.addRange('a', 'b')
	for _, e := range []struct {
		text              string
		from, to, n, past int
		start, end        int
	}{
		{"xxaaaxx", 0, 7, 3, 9, 2, 5},
		{"xxaaaxx", 3, 7, 2, 9, 3, 5}, // does not extend before from
		{"xxaaaxx", 0, 3, 3, 9, 2, 5}, // starts at the last byte
		{"xxaaaxx", 0, 2, 3, 9, 2, 5}, // starts at to
		{"xxxxaaa", 0, 1, 3, 9, 0, 0}, // starts n bytes after to
		{"xxaaaaaaaa", 0, 3, 3, 1, 2, 7},
		{"aaa", 0, 3, 3, 0, 0, 3}, {"aa", 0, 2, 3, 0, 0, 0}, {"aaxbbb", 0, 6, 3, 0, 3, 6}, {"xaxaxbb", 0, 7, 2, 5, 5, 7}, {"", 0, 0, 1, 0, 0, 0}, {"aaxaa", 0, 5, 3, 0, 0, 0},
	} {
		start, end, ok := c.nextRun([]byte(e.text), e.from, e.to, e.n, e.past)
		if start != e.start || end != e.end || ok != (e.end > 0) {
			t.Errorf("%q[%d:%d]: got %d, %d, %v", e.text, e.from, e.to, start, end, ok)
		}
	}
}
