package patterns

import (
	"slices"
	"testing"
)

// lazySet returns a set of the rules of a file, which are created at their first use, and the
// IDs of those that were created.
func lazySet(t *testing.T, toml string) (*Set, *[]string) {
	t.Helper()
	file, err := ParseFile("test", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	var created []string
	for _, r := range file.Rules {
		l := r.lazy()
		copied := l.create
		l.create = func() *Rule {
			created = append(created, l.id)
			return copied()
		}
		file.lazy = append(file.lazy, l)
	}
	file.Rules = nil
	set, err := NewSet(file)
	if err != nil {
		t.Fatal(err)
	}
	return set, &created
}

const lazyRules = `
[[names]]
id='words'
own=['acme']
[[rule]]
id='plain'
keywords=['key_','longer-than-16-bytes']
regex='key_'
names='words'
[[rule]]
id='any-case'
keywords=['key_']
ignore_case=true
regex='key_'
[[rule]]
id='same-word'
keywords=['key_']
regex='key_[0-9]'
[[rule]]
id='near'
near={kind='api_key',lines=1,bytes=100}
regex='[a-z]{4}'
[[rule]]
id='file'
paths=['*.key']
regex='k'
[[rule]]
id='encoded'
keywords=['enc_']
encoded=[{as=['hex']}]
regex='enc_'
[[rule]]
id='only-in'
keywords=['loc_']
only_in=['*.ini']
regex='loc_'
[[rule]]
id='not-in'
keywords=['loc_']
not_in=['*.ini']
regex='loc_'
`

func TestRulesAreCreatedAtTheirFirstUse(t *testing.T) {
	set, created := lazySet(t, lazyRules)
	eager := []string{"near", "file", "encoded", "only-in", "not-in"}
	if !slices.Equal(*created, eager) {
		t.Errorf("created with the set: %q, want %q", *created, eager)
	}
	*created = nil
	if got := ids(&File{Rules: set.RulesOf(0)}); !slices.Equal(got, []string{"plain", "same-word"}) || !slices.Equal(got, *created) {
		t.Errorf("rules of key_: %q; created: %q", got, *created)
	}
	plain, err := set.Rule("plain")
	if err != nil || plain != set.RulesOf(0)[0] || plain != set.RulesOf(1)[0] || plain != set.Rules()[0] {
		t.Errorf("the rule was created more than once; error: %v", err)
	}
	if plain.vocabulary != set.Names[0] || plain.Severity != Medium || plain.files != &set.files {
		t.Errorf("not prepared: %+v", plain)
	}
	if got := len(set.Rules()); got != 8 || !slices.Equal(*created, []string{"plain", "same-word", "any-case"}) {
		t.Errorf("%d rules; created: %q", got, *created)
	}
}

func TestListsOfRules(t *testing.T) {
	set, _ := lazySet(t, lazyRules)
	for _, c := range []struct {
		name string
		got  []*Rule
		want []string
	}{
		{"near", set.NearRules(), []string{"near"}},
		{"local", set.LocalRules(), []string{"only-in", "not-in"}},
		{"of a path", set.FileRules("a.key"), []string{"file"}},
		{"of a word in any case", set.RulesOf(2), []string{"any-case"}},
	} {
		if got := ids(&File{Rules: c.got}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if words := set.EncodedWords(); len(words) != 1 || words[0].Text != "enc_" {
		t.Errorf("encoded words: %v", words)
	}
}

func TestSelect(t *testing.T) {
	set, created := lazySet(t, lazyRules)
	*created = nil
	lower := func(r *Rule) { r.Severity = Low }
	file := set.Select(func(id string) bool { return id == "plain" || id == "near" }, lower)
	file.Rules = []*Rule{{ID: "added", Keywords: []string{"key_"}, Regex: "key_"}}
	selected, err := NewSet(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(*created, []string{"near"}) {
		t.Errorf("created: %q", *created)
	}
	if got := selected.IDs(); !slices.Equal(got, []string{"plain", "near", "added"}) {
		t.Errorf("got %q", got)
	}
	if got := ids(&File{Rules: selected.RulesOf(0)}); !slices.Equal(got, []string{"plain", "added"}) {
		t.Errorf("rules of key_: %q", got)
	}
	if a, b := selected.Rules(), set.Rules(); a[0].Severity != Low || a[1].Severity != Low || b[0].Severity != Medium || a[1] == b[3] {
		t.Error("want changed copies")
	}
	file.Rules = []*Rule{{ID: "plain", Keywords: []string{"key_"}, Regex: "key_"}}
	if _, err := NewSet(file); err == nil {
		t.Error("no error for a repeated ID")
	}
}
