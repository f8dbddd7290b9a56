package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/cli"
)

// Every command line in the documents must be one that keyguard takes.
func TestDocumentsShowCommandsThatExist(t *testing.T) {
	command := regexp.MustCompile(`(?m)^\$ (?:[^#\n]*\| )?(?:keyguard|go run \./cmd/keyguard) ([^#|<>\n]+)`)
	documents, err := filepath.Glob("../../*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, document := range append(documents, pages...) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range command.FindAllStringSubmatch(string(text), -1) {
			shown++
			root := root(&cli.App{})
			root.InitDefaultCompletionCmd()
			cmd, args, err := root.Find(strings.Fields(m[1]))
			if err == nil {
				err = cmd.ParseFlags(args)
			}
			if err == nil {
				err = cmd.ValidateArgs(cmd.Flags().Args())
			}
			if err != nil {
				t.Errorf("%s: keyguard %s: %v", filepath.Base(document), m[1], err)
			}
		}
	}
	if shown < 10 {
		t.Errorf("only %d commands found: has the documents' form changed?", shown)
	}
}
