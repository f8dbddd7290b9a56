package patterns

import (
	"strings"
	"testing"
)

func TestNameOf(t *testing.T) {
	for prefix, want := range map[string]string{
		"": "", "x = ": "x", `"a.b-c_d": "`: "a.b-c_d", "f(x, y => {": "y", "$name=": "name", "a b": "b", "a+/9z": "a+/9z", "{x}": "x", "é=": "",
	} {
		if got := string(nameOf([]byte(prefix))); got != want {
			t.Errorf("%q: got %q, want %q", prefix, got, want)
		}
	}
}

func TestLinePrefix(t *testing.T) {
	long := strings.Repeat("x", contextReach)
	for text, want := range map[string]string{"a\nbc": "bc", "bc": "bc", "bc\n": "", "": "", long: long, "y" + long: long, "\n" + long: long} {
		if got := string(linePrefix([]byte(text+"@"), len(text))); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestIdentifierAt(t *testing.T) {
	long := strings.Repeat("x", phraseReach+1)
	for _, c := range []struct{ before, after, ident, phrase string }{
		{"a.b_", "c-d", "a.b_c-d", "a.b_c-d"},
		{"=my aws ", "key is;", "key", "my aws key is"},
		{"=", "=", "", ""},
		{"", "", "", ""},
		{long + " ", "k " + long, "k", long[2:] + " k " + long[2:]},
		{long[2:] + " ", "k " + long[2:], "k", long[2:] + " k " + long[2:]},
	} {
		ident, phrase := identifierAt([]byte(c.before+c.after), len(c.before))
		if string(ident) != c.ident || string(phrase) != c.phrase {
			t.Errorf("%q, %q: got %q, %q", c.before, c.after, ident, phrase)
		}
	}
}

func TestEnclosing(t *testing.T) {
	long := strings.Repeat("x", enclosingReach)
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "a", ""},
		{"brackets, the innermost first", "a({b: [c", "b|a|a"},
		{"brackets that are closed", "a(b(c), {d: 1}, [e], f", "a"},
		{"indentation", "a:\n b:\n  c: 1\n  d", " b:|a:"},
		{"a blank line", "a:\n\n  \n b", "a:"},
		{"tabs and marks of a patch", "+a:\n+\tb", "+a:"},
		{"a section", "x:\n[s]\na = 1\nb", "[s]"},
		{"no section", "x\n[]\na", ""},
		{"the shortest section", "x\n[s]\na", "[s]"},
		{"a section without its end", "x\n[s\na", ""},
		{"no more after a section", "a:\n [s]\n  b", " [s]|a:"},
		{"the end of a long line", "y" + long + "\n a", long},
		{"carriage returns", "[s]\r\na", "[s]"},
	} {
		var got []string
		for _, line := range enclosing([]byte(c.text)) {
			got = append(got, string(line))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
}

func TestWholeLines(t *testing.T) {
	for _, c := range []struct {
		from int
		want string
	}{{0, "ab\ncd"}, {1, "cd"}, {2, "cd"}, {3, "cd"}, {4, "d"}} {
		if got := string(wholeLines([]byte("ab\ncd\n"), c.from, 5)); got != c.want {
			t.Errorf("from %d: got %q", c.from, got)
		}
	}
}
