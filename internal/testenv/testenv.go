// Package testenv gives tests an environment that does not depend on the machine, its
// user, or the program that runs them: a git hook, a CI system, a shell with settings.
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

// Tests are the tests of a package, to be run by its TestMain:
//
//	os.Exit(testenv.Tests{M: m}.Run())
type Tests struct{ M *testing.M }

// Run runs the tests with an empty home, no configuration of git's, and no variables but
// those that programs need to start. It returns the exit code.
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

// isKept reports whether tests may see a variable: where programs and temporary files
// are, Go's own, and the switches of tests. Windows does not start programs without some.
func isKept(name string) bool {
	name = strings.ToUpper(name)
	return strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "KEYGUARD_TEST_") || slices.Contains([]string{
		"PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "LOCALAPPDATA", "APPDATA",
	}, name)
}

// PathWithout returns PATH for a machine on which a program is not installed. Each of
// its folders that has the program is replaced by one of links, made below dir, to
// all else in it.
func PathWithout(program, dir string) (string, error) {
	folders := filepath.SplitList(os.Getenv("PATH"))
	for i, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil || !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == program }) {
			continue
		}
		if folder, err = filepath.Abs(folder); err != nil {
			return "", err
		}
		folders[i] = filepath.Join(dir, fmt.Sprint("path", i))
		if err := os.MkdirAll(folders[i], 0o755); err != nil {
			return "", err
		}
		for _, e := range entries {
			if e.Name() == program {
				continue
			}
			if err := os.Symlink(filepath.Join(folder, e.Name()), filepath.Join(folders[i], e.Name())); err != nil {
				return "", err
			}
		}
	}
	return strings.Join(folders, string(os.PathListSeparator)), nil
}
