package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestIsKept(t *testing.T) {
	for name, want := range map[string]bool{
		"PATH": true, "Path": true, "TMPDIR": true, "GOCACHE": true, "KEYGUARD_TEST_SEEDS": true,
		"GIT_DIR": false, "GIT_INDEX_FILE": false, "KEYGUARD_CONFIG": false, "SKIP": false, "LC_ALL": false, "CI": false,
		"NO_COLOR": false, "XDG_CONFIG_HOME": false, "HOME": false, "GITHUB_ACTIONS": false,
	} {
		if isKept(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func TestPathWithout(t *testing.T) {
	one, two := filepath.Join(t.TempDir(), "with it"), t.TempDir()
	for _, path := range []string{filepath.Join(one, "keyguard"), filepath.Join(one, "other"), filepath.Join(two, "third")} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", strings.Join([]string{one, two, filepath.Join(two, "none")}, string(os.PathListSeparator)))
	path, err := PathWithout("keyguard", t.TempDir())
	if err != nil {
		t.Skip(err) // Windows does not let everybody make links
	}
	t.Setenv("PATH", path)
	for name, want := range map[string]bool{"keyguard": false, "other": true, "third": true} {
		if _, err := exec.LookPath(name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !strings.Contains(path, two) {
		t.Errorf("%s lacks a folder that is as it should be", path)
	}
}
