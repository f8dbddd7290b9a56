package patterns

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"
)

// A new file in rules/ needs no line of Go.
func TestEveryRuleFileIsRead(t *testing.T) {
	rule := func(id string) *fstest.MapFile { return &fstest.MapFile{Data: []byte("[[rule]]\nid='" + id + "'\n")} }
	file, err := readFiles(fstest.MapFS{"rules/b.toml": rule("second"), "rules/a.toml": rule("first"), "rules/README.md": {}, "rules/sub/c.toml": rule("no")})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(file); !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("got %q", got)
	}
	if _, err := readFiles(fstest.MapFS{"rules/a.toml": {Data: []byte("[[rule]\n")}}); err == nil {
		t.Error("no error for bad TOML")
	}
}

func TestBuiltinHasTheRulesOfTheDirectory(t *testing.T) {
	file, err := readFiles(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(&File{Rules: set.Rules()}), ids(file); !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("built-in rules %q, in the directory %q", got, want)
	}
}

func ids(f *File) (out []string) {
	for _, r := range f.Rules {
		out = append(out, r.ID)
	}
	return out
}

func TestLowSeverityHasAReason(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		if r.Severity == Low && r.SeverityReason == "" {
			t.Errorf("%s is of low severity without a severity_reason", r.ID)
		}
	}
}
