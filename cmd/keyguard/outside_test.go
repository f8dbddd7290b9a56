package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
)

// outsiders are files beside a repository, each line a secret of its owner. They fail in
// different parsers.
func outsiders() map[string]string {
	return map[string]string{
		"netrc":    "machine db.canary login root password canary-one\n",
		"env.toml": "canary_key = \"canary-two\"\n[canary.table]\npin = 0815\n",
		"lines":    strings.Repeat("0", 32) + " canary-label canary-rule\n[canary\nuser:canary-three:7\n",
		"json":     "{\"version\": \"canary\", \"canary-four\": [}\n",
	}
}

// leads returns ways for a file of a repository to lead to one beside it.
func leads() map[string]func(name, target string) error {
	return map[string]func(name, target string) error{
		"link":          func(name, target string) error { return os.Symlink(filepath.Join("..", target), name) },
		"absolute link": func(name, target string) error { return os.Symlink(beside(target), name) },
		"link to a link": func(name, target string) error {
			if err := os.Symlink(beside(target), "second"); err != nil {
				return err
			}
			return os.Symlink("second", name)
		},
		"folder that is a link": func(name, target string) error {
			if err := os.Symlink("..", "folder"); err != nil {
				return err
			}
			return os.Symlink(filepath.Join("folder", target), name)
		},
		"extends":                   extending("../%s"),
		"extends, absolute":         extending(filepath.ToSlash(beside("%s"))),
		"extends, up from a folder": extending("folder/../../%s"),
		"extends a link": func(name, target string) error {
			if err := os.Symlink(beside(target), "second.toml"); err != nil {
				return err
			}
			return extending("second.toml")(name, target)
		},
		"extends what extends": func(name, target string) error {
			if err := os.WriteFile("second.toml", fmt.Appendf(nil, "extends = ['../%s']\n", target), 0o600); err != nil {
				return err
			}
			return extending("second.toml")(name, target)
		},
	}
}

// beside returns the path of a file beside the repository that is the current folder.
func beside(name string) string {
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return filepath.Join(filepath.Dir(here), name)
}

func extending(format string) func(name, target string) error {
	return func(name, target string) error {
		path := format
		if strings.Contains(format, "%s") {
			path = fmt.Sprintf(format, target)
		}
		return os.WriteFile(name, fmt.Appendf(nil, "extends = %q\n", path), 0o600)
	}
}

// TestNothingOutsideIsQuoted: whatever leads out of a repository, and whichever command reads
// it, no line of a file outside is printed; the files of the policy are refused.
func TestNothingOutsideIsQuoted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	if testing.Short() {
		t.Skip("it runs hundreds of commands")
	}
	policy := []string{config.Name, project.IgnoreName, allow.BaselineName}
	others := []string{".gitignore", ".gitattributes", ".gitleaks.toml", ".gitleaksignore", ".gitallowed", ".secrets.baseline"}
	reading := [][]string{{"scan"}, {"scan", "--staged"}, {"config", "check"}, {"hook", "pre-commit"}}
	further := [][]string{
		{"scan", "--history"}, {"config", "show"}, {"rules", "list"}, {"redact"}, {"doctor"}, {"baseline", "prune"}, {"allow", strings.Repeat("0", 32), "--reason", "x"},
	}
	besides := [][]string{{"config", "import"}, {"init", "--dry-run"}, {"baseline", "write"}}
	for way := range leads() {
		extends := strings.HasPrefix(way, "extends")
		for _, name := range slices.Concat(policy, others) {
			if extends && name != config.Name {
				continue
			}
			commands := reading
			switch {
			case slices.Contains(others, name):
				commands = besides
			case way == "link" || way == "extends":
				commands = slices.Concat(reading, further, besides)
			}
			t.Run(way+" "+name, func(t *testing.T) {
				repository(t)
				for target, content := range outsiders() {
					lead(t, way, name, target)
					for _, args := range commands {
						said, code := runApp(args...)
						for line := range strings.Lines(content) {
							if line = strings.TrimSpace(line); strings.Contains(said, line) || strings.Contains(said, "canary") {
								t.Errorf("%v printed %q:\n%s", args, line, said)
							}
						}
						if name == config.Name && code == cli.ExitClean && args[0] != "allow" { // which reads one file
							t.Errorf("%v: exit code %d\n%s", args, code, said)
						}
						if slices.Contains(policy, name) && args[0] == "scan" && (code != cli.ExitError || !strings.Contains(said, "outside the repository") || !strings.Contains(said, "hint: copy it into the repository")) {
							t.Errorf("%v: exit code %d\n%s", args, code, said)
						}
					}
				}
			})
		}
	}
}

// repository makes an empty repository with files beside it, and goes there.
func repository(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range outsiders() {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("git", "init", "-q", "repo").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Chdir("repo")
}

// lead makes a file of the current folder lead to one beside it, and nothing else there.
func lead(t *testing.T, way, name, target string) {
	t.Helper()
	for _, old := range []string{name, config.Name, "second", "second.toml", "folder"} {
		_ = os.Remove(old)
	}
	if err := leads()[way](name, target); err != nil {
		t.Fatal(err)
	}
}

// runApp runs a command line in the current folder, without an environment.
func runApp(args ...string) (said string, code cli.Exit) {
	var out bytes.Buffer
	a := &cli.App{In: strings.NewReader(""), Out: &out, Err: &out, Env: func(name string) string {
		if name == "XDG_CONFIG_HOME" {
			return "/nowhere"
		}
		return ""
	}}
	code = run(context.Background(), a, args)
	return out.String(), code
}
