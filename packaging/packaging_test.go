// Package packaging_test tests the files around the program: the scripts of the GitHub
// action, and texts that are repeated in files which cannot import each other.
package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript runs testdata/script. The scripts contain stand-ins for the programs gh and
// keyguard; $PACKAGING is this directory.
func TestScript(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PACKAGING", dir)
			env.Setenv("PATH", filepath.Join(env.WorkDir, "bin")+string(os.PathListSeparator)+env.Getenv("PATH"))
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

func read(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// An input that is expanded into a script can run commands.
func TestScriptsContainNoExpressions(t *testing.T) {
	run := regexp.MustCompile(`(?m)^( *)(?:- )?run: *(.*(?:\n(?:[ ]{8,}.*)?)*)`)
	for _, name := range []string{"action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"} {
		for _, m := range run.FindAllStringSubmatch(read(t, name), -1) {
			script, _, _ := strings.Cut(m[2], "\n"+m[1]+"env:")
			if strings.Contains(script, "${{") {
				t.Errorf("%s: a script contains an expression:\n%s", name, script)
			}
		}
	}
}

// A tag can be moved to other code; a commit cannot.
func TestActionsArePinnedToCommits(t *testing.T) {
	uses := regexp.MustCompile(`uses: (\S+)`)
	pinned := regexp.MustCompile(`@[0-9a-f]{40}$`)
	for _, name := range []string{"action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"} {
		for _, m := range uses.FindAllStringSubmatch(read(t, name), -1) {
			if !pinned.MatchString(m[1]) && !strings.HasPrefix(m[1], "./") {
				t.Errorf("%s: %s is not pinned to a commit", name, m[1])
			}
		}
	}
}

func TestReleasedSystemsAreChecked(t *testing.T) {
	config := read(t, ".goreleaser.yaml")
	list := func(key string) []string {
		m := regexp.MustCompile(key + `: \[(.*)\]`).FindStringSubmatch(config)
		if m == nil {
			t.Fatalf(".goreleaser.yaml has no %s", key)
		}
		return strings.Split(m[1], ", ")
	}
	var released []string
	for _, os := range list("goos") {
		for _, arch := range list("goarch") {
			released = append(released, os+"/"+arch)
		}
	}
	m := regexp.MustCompile(`for system in (linux/.*);`).FindStringSubmatch(read(t, ".ci/run"))
	if m == nil || !slices.Equal(strings.Fields(m[1]), released) {
		t.Errorf("released for %q, checked for %q", released, m)
	}
}

// The job to include in GitLab is the recipe in docs/ci.md, which has a test of its own.
func TestTemplateMatchesDocumentation(t *testing.T) {
	_, recipe, ok := strings.Cut(read(t, "docs/ci.md"), "# .gitlab-ci.yml\n")
	recipe, _, _ = strings.Cut(recipe, "```")
	if !ok || !strings.Contains(recipe, "script:") {
		t.Fatal("docs/ci.md has no recipe for GitLab")
	}
	template := read(t, "templates/keyguard.gitlab-ci.yml")
	for line := range strings.Lines(recipe) {
		if !strings.Contains(template, strings.TrimSuffix(line, "\n")) && !strings.Contains(line, "name: ghcr.io/") {
			t.Errorf("templates/keyguard.gitlab-ci.yml has no line %q", line)
		}
	}
}
