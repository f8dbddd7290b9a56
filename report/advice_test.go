package report_test

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/report"
)

// A name that could do anything else in a shell, or mean other files to git, is not
// part of a command to be pasted.
func TestCommandsInAdviceNameTheFile(t *testing.T) {
	for name, want := range map[string]string{
		"deploy/.env":           "git rm --cached deploy/.env, add",
		"My Project/.env":       `git rm --cached "My Project/.env", add`,
		"it's/.env":             `git rm --cached "it's/.env", add`,
		"größe/.env":            "git rm --cached größe/.env, add",
		"a; rm -rf ~;/.env":     `git rm --cached "a; rm -rf ~;/.env", add`,
		"pages/[id]/.env":       `git rm --cached ":(literal)pages/[id]/.env", add`,
		"*/.env":                `git rm --cached ":(literal)*/.env", add`,
		":!x/.env":              "git rm --cached the file, add",
		":(top)/.env":           `git rm --cached ":(literal):(top)/.env", add`,
		"--help/.env":           `git rm --cached ":(literal)--help/.env", add`,
		"$(touch x)/.env":       "git rm --cached the file, add",
		"`touch x`/.env":        "git rm --cached the file, add",
		`"; touch x; "/.env`:    "git rm --cached the file, add",
		"%PATH%/.env":           "git rm --cached the file, add",
		"a\nb/.env":             "git rm --cached the file, add",
		"a\u202eb/.env":         "git rm --cached the file, add",
		"a\xffb/.env":           "git rm --cached the file, add",
		"Keys/Server Key.PEM":   `git rm --cached "Keys/Server Key.PEM", add`,
		"home/.aws/credentials": "git rm --cached home/.aws/credentials, add",
	} {
		if got := report.Advice(name, false); !strings.Contains(got, want) {
			t.Errorf("%q: %s", name, got)
		}
	}
	for name, want := range map[string]string{
		"deploy/.env":     "git rm --cached :/deploy/.env, add",
		"My Project/.env": `git rm --cached ":/My Project/.env", add`,
		"pages/[id]/.env": `git rm --cached ":(top,literal)pages/[id]/.env", add`,
	} {
		if got := report.Advice(name, true); !strings.Contains(got, want) {
			t.Errorf("%q, from below: %s", name, got)
		}
	}
}
