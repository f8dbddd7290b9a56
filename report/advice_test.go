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
		if got := report.Advice(name, "aws", false); !strings.Contains(got, want) {
			t.Errorf("%q: %s", name, got)
		}
	}
	for name, want := range map[string]string{
		"deploy/.env":     "git rm --cached :/deploy/.env, add",
		"My Project/.env": `git rm --cached ":/My Project/.env", add`,
		"pages/[id]/.env": `git rm --cached ":(top,literal)pages/[id]/.env", add`,
	} {
		if got := report.Advice(name, "aws", true); !strings.Contains(got, want) {
			t.Errorf("%q, from below: %s", name, got)
		}
	}
}

// A credential of another provider gets no advice on AWS.
func TestAdviceByFamily(t *testing.T) {
	for name, want := range map[string][2]string{
		".github/workflows/ci.yml": {"role-to-assume", "secrets.NAME"},
		"main.tf":                  {"AWS_PROFILE", "TF_VAR_name"},
		"app.py":                   {"boto3", "secret store"},
		"deploy.sh":                {"aws sso login", "git ignores"},
		"k8s/app.yaml":             {"IRSA", "External Secrets"},
		"notes":                    {"AWS profile", "secret store"},
		"Dockerfile":               {"docker build --secret", "docker build --secret"},
	} {
		if got := report.Advice(name, "aws", false); !strings.Contains(got, want[0]) {
			t.Errorf("%s of AWS: %s", name, got)
		}
		got := report.Advice(name, "github", false)
		if lower := strings.ToLower(got); !strings.Contains(got, want[1]) || strings.Contains(lower, "aws") || strings.Contains(got, "boto3") {
			t.Errorf("%s of GitHub: %s", name, got)
		}
	}
}
