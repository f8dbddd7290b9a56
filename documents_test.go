package keyguard_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/corpus"
	"github.com/keyguard/keyguard/patterns"
)

// fenced returns the fenced blocks of a document in a language.
func fenced(t *testing.T, document, language string) []string {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			out = append(out, m[2])
		}
	}
	return out
}

func TestContributingRuleIsValid(t *testing.T) {
	for _, block := range fenced(t, "CONTRIBUTING.md", "toml") {
		file, err := patterns.ParseFile("CONTRIBUTING.md", []byte(block))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range file.Rules {
			if err := r.Check(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestContributingCaseIsValid(t *testing.T) {
	for _, block := range fenced(t, "CONTRIBUTING.md", "") {
		cases, err := corpus.Parse("CONTRIBUTING.md", block)
		if err != nil || len(cases) == 0 {
			t.Fatalf("%d cases, error %v", len(cases), err)
		}
		for i := range cases {
			if _, err := cases[i].Expand(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestDocumentLinksExist(t *testing.T) {
	var documents []string
	for _, pattern := range []string{"*.md", "docs/*.md", "bench/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, found...)
	}
	link := regexp.MustCompile(`\]\(([^):]+)\)`)
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), target)); err != nil {
				t.Errorf("%s: %v", document, err)
			}
		}
	}
}

// A file that ARCHITECTURE.md names exists, from the top or beside the file named before it.
func TestArchitectureNamesFilesThatExist(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := "."
	for _, m := range regexp.MustCompile("`([a-z_/]+\\.go)`").FindAllStringSubmatch(string(text), -1) {
		name := m[1]
		if !strings.Contains(name, "/") {
			name = filepath.Join(dir, name)
			if _, err := os.Stat(m[1]); err == nil {
				continue
			}
		}
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s is not a file", name)
		}
		dir = filepath.Dir(name)
	}
}
