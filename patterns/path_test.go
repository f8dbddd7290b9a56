package patterns_test

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

func TestFileRules(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{".env", "env-file"},
		{"services/api/.env.production", "env-file"},
		{"Deploy/PROD.ENV", "env-file"},
		{".env.example", ""},
		{".env-sample", ""},
		{"env.template", ""},
		{"tests/data/.env", ""},
		{"src/environment.ts", ""},
		{".envrc", ""},
		{"home/.aws/credentials", "aws-credentials-file"},
		{".aws/credentials", "aws-credentials-file"},
		{"my.aws/credentials", ""},
		{"credentials", ""},
		{"Downloads/jane_accessKeys.csv", "aws-console-download"},
		{"new_user_credentials.csv", "aws-console-download"},
		{"data.csv", ""},
		{"deploy/server.key", "private-key-file"},
		{".ssh/id_ed25519", "private-key-file"},
		{".ssh/id_ed25519.pub", ""},
		{"testdata/server.key", ""},
		{"internal/tls_test/server.key", ""},
		{"ssl/samplecerts/server.key", ""},
		{"attest/server.key", "private-key-file"}, // a word is a whole one
		{"prod/terraform.tfstate", "terraform-state"},
		{"terraform.tfstate.1700000000.backup", "terraform-state"},
		{"", ""},
	} {
		got := ""
		for _, r := range set.FileRules(c.path) {
			got += r.ID
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.path, got, c.want)
		}
	}
}

// TestNameRules: NameRules finds by name the rules that FileRules finds by path.
func TestNameRules(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		".env": "env-file", ".env.prod": "env-file", "PROD.ENV": "env-file", "credentials": "aws-credentials-file", "id_rsa": "private-key-file",
		"terraform.tfstate.1.backup": "terraform-state", "main.go": "", "": "", "x": "", "id_rsa.pub": "",
	} {
		got := ""
		for _, r := range set.NameRules([]byte(name)) {
			got += r.ID
		}
		if got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestPathsOfARule(t *testing.T) {
	for path, ok := range map[string]bool{
		"*.key": true, "name": true, "a/bc": true, "a/*.b": true, "a.*": true, "AB": true,
		"": false, "a": false, "a*b": false, "*": false, "a/": false, "/a": false, "*.a*": false, "*/a": false, "[a]b": false,
	} {
		_, err := patterns.NewSet(&patterns.File{Rules: []*patterns.Rule{{ID: "x", Regex: "x", Paths: []string{path}}}})
		if (err == nil) != ok {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestStarsInPaths(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"ab*ba", "abba", true}, {"ab*ba", "abxba", true}, {"ab*ba", "aba", false}, {"ab*ba", "abab", false}, {"ab*", "ab", true}, {"*ab", "ab", true},
		{"d/ab", "d/ab", true}, {"d/ab", "e/d/ab", true}, {"d/ab", "ed/ab", false}, {"d/ab", "ab", false}, {"D/AB", "d/Ab", true}, {"ab", "d/ab", true},
	} {
		set, err := patterns.NewSet(&patterns.File{Rules: []*patterns.Rule{{ID: "x", Regex: "x", Paths: []string{c.pattern}}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(set.FileRules(c.path)) == 1; got != c.want {
			t.Errorf("%s matches %s: %v", c.pattern, c.path, got)
		}
		base := c.path[strings.LastIndexByte(c.path, '/')+1:]
		if c.want && len(set.NameRules([]byte(base))) != 1 {
			t.Errorf("%s does not match the name %s", c.pattern, base)
		}
	}
}
