package nesting_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/internal/nesting"
)

const most = nesting.Max

func arrays(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func tables(n int) string { return strings.Repeat("{a=", n) + "1" + strings.Repeat("}", n) }

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, text string
		line       int // of the fault; 0: none
	}{
		{"empty", "", 0},
		{"arrays", "a=" + arrays(most), 0},
		{"arrays too deep", "x=1\na=" + arrays(most+1), 2},
		{"arrays too deep, not closed", "a=" + strings.Repeat("[", most+1), 1},
		{"arrays over lines", "a=" + strings.Repeat("[\n", most+1), most + 1},
		{"arrays side by side", "a=[" + strings.Repeat("[],", 10*most) + "]", 0},
		{"inline tables", "a=" + tables(most), 0},
		{"inline tables too deep", "a=" + tables(most+1), 1},
		{"both", "a=" + strings.Repeat("[{a=", most/2) + "1" + strings.Repeat("}]", most/2), 0},
		{"both too deep", "a=[" + strings.Repeat("[{a=", most/2) + "1" + strings.Repeat("}]", most/2) + "]", 1},
		{"in a string", "a=\"" + arrays(most+1) + "\"", 0},
		{"in a literal string", "a='" + arrays(most+1) + "'", 0},
		{"in a long string", "a=\"\"\"\n" + arrays(most+1) + "\"\"\"", 0},
		{"in a long literal string", "a='''\n" + arrays(most+1) + "'''", 0},
		{"in a comment", "a=1 # " + arrays(most+1) + "\nb=2", 0},
		{"behind a comment", "a=1 # \" ' [\nb=" + arrays(most+1), 2},
		{"behind an escaped quote", `a="\""` + "\nb=" + arrays(most+1), 2},
		{"behind a backslash in a literal string", `a='\'` + "\nb=" + arrays(most+1), 2},
		{"behind an escaped backslash", `a="\\"` + "\nb=" + arrays(most+1), 2},
		{"behind a long string", "a=\"\"\"\n\"\\\"\"\"\"\nb=" + arrays(most+1), 3},
		{"behind a long string with two quotes at its end", "a='''x'''''\nb=" + arrays(most+1), 2},
		{"behind an empty long string", "a=\"\"\"\"\"\"\nb=" + arrays(most+1), 2},
		{"behind an empty string", "a=''\nb=" + arrays(most+1), 2},
		{"behind a string that ends with a backslash and is not closed", "a=\"\\\nb=" + arrays(most+1), 2},
		{"behind a string that is not closed", "a=\"\nb=" + arrays(most+1), 2},
		{"hash in a string", "a=['#'," + arrays(most) + "]", 1},
		{"headers", strings.Repeat("[[a]]\n[b]\n", 10*most), 0},
		{"dots", "a" + strings.Repeat(".a", most) + "=1", 0},
		{"too many dots", "a" + strings.Repeat(".a", most+1) + "=1", 1},
		{"too many dots in quoted keys", "'a'" + strings.Repeat(" . \"a\"", most+1) + "=1", 1},
		{"too many dots in a header", "x=1\n[a" + strings.Repeat(".a", most+1) + "]", 2},
		{"too many dots in the header of an array", "[[a" + strings.Repeat(".a", most+1) + "]]", 1},
		{"too many dots in an inline table", "x={y=1,a" + strings.Repeat(".a", most+1) + "=1}", 1},
		{"numbers", "a=[" + strings.Repeat("1.5,", 2*most) + "]\n" + strings.Repeat("b=1.5\n", 2*most), 0},
		{"dots in all", strings.Repeat("a.b=1\n", nesting.MaxDots), 0},
		{"too many dots in all", strings.Repeat("a.b=1\n", nesting.MaxDots+1), nesting.MaxDots + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := nesting.Check(c.text)
			var at *nesting.Error
			if line := 0; errors.As(err, &at) {
				line = at.Line
				if line != c.line || strings.Count(c.text[:at.Offset], "\n")+1 != line {
					t.Errorf("%v, want line %d", err, c.line)
				}
			} else if err != nil || c.line != 0 {
				t.Errorf("got %v, want line %d", err, c.line)
			}
		})
	}
}

// depth is how deep arrays and tables lie in each other.
func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, depth(e)+1)
		}
	case []any:
		for _, e := range v {
			deepest = max(deepest, depth(e)+1)
		}
	}
	return deepest
}

// FuzzCheck compares with a parser: a header, the dots of a key and brackets each nest a
// value at most Max deep in a text that passes.
func FuzzCheck(f *testing.F) {
	for i, quote := range []string{`"`, `'`, `"""`, `'''`, "#", `"\"`, `'\'`} {
		f.Add(fmt.Sprintf("a=%sx%[1]s\n", quote), "b=", i*most)
		f.Add("a=1\n", fmt.Sprintf("b=[%s,%[1]s,", quote), i*most)
	}
	f.Fuzz(func(t *testing.T, before, start string, n int) {
		text := before + start + arrays(max(0, min(n, 20*most)))
		if nesting.Check(text) != nil {
			return
		}
		var v map[string]any
		if _, err := toml.Decode(text, &v); err == nil && depth(v) > 4*most {
			t.Errorf("%d deep: %q", depth(v), text)
		}
	})
}
