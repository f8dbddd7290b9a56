package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/internal/testenv"
)

var update = flag.Bool("update", false, "write what is printed into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(testenv.Tests{M: m}, map[string]func(){"keyguard": main})
}

// TestScript runs testdata/script: each file is a topic, told as a session of
// real git and keyguard. Beside testscript's own commands there is
//
//	exits CODE PROGRAM [ARG…]
//
// which runs a program that must end with that exit code. What it prints must
// hold no secret, unless --reveal is among the arguments; and if keyguard ends
// with 2, it must say why and what to do, and not call anything clean. id and
// event, in ci_test.go, say what CI systems say.
//
// The files of a script are templates of internal/synth. Named values in them
// are variables in the script: {{akia#id}} in a file is $id in a command. $UNINSTALLED is
// PATH as it is where keyguard is not installed.
func TestScript(t *testing.T) {
	params := scriptParams()
	params.Dir = "testdata/script"
	testscript.Run(t, params)
}

func scriptParams() testscript.Params {
	return testscript.Params{
		Setup:               prepare,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "id": setID, "event": event},
		Condition:           condition,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
	}
}

const gitConfig = `[user]
	name = A Developer
	email = developer@example.com
[init]
	defaultBranch = main
[protocol "file"]
	allow = always
`

// secrets is the key of a script's secrets in its values.
type secrets struct{}

// prepare gives a script a home with a plain git, and expands its files.
func prepare(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, ".home")
	err := errors.Join(os.Mkdir(home, 0o755), os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(gitConfig), 0o644))
	if err != nil {
		return err
	}
	keyguard, err := exec.LookPath("keyguard")
	if err != nil {
		return err
	}
	env.Setenv("KEYGUARD", keyguard)
	hooks, err := filepath.Abs("../../.pre-commit-hooks.yaml")
	if err != nil {
		return err
	}
	env.Setenv("HOOKS", hooks)
	env.Setenv("HOME", home)
	env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	env.Setenv("GIT_ATTR_NOSYSTEM", "1")
	path, err := testenv.PathWithout("keyguard", filepath.Join(home, "bin"))
	if err != nil {
		return err
	}
	env.Setenv("UNINSTALLED", path)
	env.Setenv("GIT_CEILING_DIRECTORIES", env.WorkDir)
	expander := synth.New(1)
	if err := expandAll(env.WorkDir, expander); err != nil {
		return err
	}
	var hidden []string
	for name, value := range expander.Names() {
		env.Setenv(name, value)
		if len(value) >= 40 { // longer than a key id, which reports do show
			hidden = append(hidden, value)
		}
	}
	env.Values[secrets{}] = hidden
	return nil
}

// expandAll expands the templates in every file of a folder, in place.
func expandAll(dir string, expander *synth.Expander) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		template, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, err := expander.Expand(string(template))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return os.WriteFile(path, []byte(text), 0o644)
	})
}

func condition(name string) (bool, error) {
	if name == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
	line := strings.Join(args[1:], " ")
	if !strings.Contains(line, "--reveal") {
		hidesSecrets(ts)
	}
	if got == int(cli.ExitError) && strings.Contains(line, "keyguard") {
		explains(ts)
	}
}

// hidesSecrets fails if a secret was printed, or a good part of one.
func hidesSecrets(ts *testscript.TestScript) {
	const part = 12
	printed := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	for _, secret := range ts.Value(secrets{}).([]string) {
		for i := 0; i+part <= len(secret); i++ {
			if strings.Contains(printed, secret[i:i+part]) {
				ts.Fatalf("a secret was printed, or bytes %d to %d of it", i, i+part)
			}
		}
	}
}

// explains fails if an error is not told with its remedy, or glossed over.
func explains(ts *testscript.TestScript) {
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	for _, want := range []string{"keyguard: error: ", "keyguard: hint: "} {
		if !strings.Contains(stderr, want) {
			ts.Fatalf("exit code 2 without %q", want)
		}
	}
	if strings.Contains(stdout+stderr, "clean") {
		ts.Fatalf("exit code 2, but something is called clean")
	}
}
