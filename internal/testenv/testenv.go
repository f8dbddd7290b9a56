// Package testenv gives tests an environment that is independent of the machine, its
// user, and the program that runs them: a git hook, a CI system, a shell with settings.
// Only tests import it.
package testenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Tests runs the tests of a package, in its TestMain:
//
//	os.Exit(testenv.Tests{M: m}.Run())
type Tests struct{ M *testing.M }

// Run runs the tests with an empty home, without git configuration, and only with the
// variables that programs need to start. It returns the exit code.
func (t Tests) Run() int {
	home, err := os.MkdirTemp("", "keyguard-test-home-")
	if err == nil {
		defer func() { _ = os.RemoveAll(home) }()
		err = isolate(home)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return t.M.Run()
}

// isolate changes the environment of this process.
func isolate(home string) error {
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); name != "" && !isKept(name) {
			if err := os.Unsetenv(name); err != nil {
				return err
			}
		}
	}
	// A file, not os.DevNull: for root, git config --global would replace that device.
	config := filepath.Join(home, ".gitconfig")
	errs := []error{os.WriteFile(config, nil, 0o644)}
	for name, value := range map[string]string{
		"HOME": home, "GIT_CONFIG_GLOBAL": config, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org",
		"GIT_COMMITTER_NAME": "Cem", "GIT_COMMITTER_EMAIL": "cem@example.org",
	} {
		errs = append(errs, os.Setenv(name, value))
	}
	return errors.Join(errs...)
}

// isKept reports whether tests may see a variable: paths of programs and temporary files,
// Go's own variables, and the switches of tests. Windows needs some of them to start
// programs.
func isKept(name string) bool {
	name = strings.ToUpper(name)
	return strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "KEYGUARD_TEST_") || slices.Contains([]string{
		"PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "LOCALAPPDATA", "APPDATA",
	}, name)
}

// PathWithout returns a PATH without a program. Each directory that contains the program
// is replaced by a new one below dir, with links to the other programs.
func PathWithout(program, dir string) (string, error) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for i, path := range dirs {
		entries, err := os.ReadDir(path)
		if err != nil || !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == program }) {
			continue
		}
		if path, err = filepath.Abs(path); err != nil {
			return "", err
		}
		dirs[i] = filepath.Join(dir, fmt.Sprint("path", i))
		if err := os.MkdirAll(dirs[i], 0o755); err != nil {
			return "", err
		}
		for _, e := range entries {
			if e.Name() == program {
				continue
			}
			if err := os.Symlink(filepath.Join(path, e.Name()), filepath.Join(dirs[i], e.Name())); err != nil {
				return "", err
			}
		}
	}
	return strings.Join(dirs, string(os.PathListSeparator)), nil
}
